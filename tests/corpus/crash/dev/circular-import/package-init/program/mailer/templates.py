from string import Template

TEMPLATES = {"welcome": "Welcome, $name.", "shipped": "Order $number is on its way."}


def render(name, **values):
    return Template(TEMPLATES[name]).substitute(values)
