from string import Template

TEMPLATES = {"welcome": "Welcome, $name.", "shipped": "Order $number is on its way."}


def render(template, **values):
    return Template(TEMPLATES[template]).substitute(values)
