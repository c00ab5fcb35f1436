from string import Template

TEMPLATES = "templates"
_cache = {}


def load(name):
    """The template of that name, read once."""
    if name not in _cache:
        with open(f"{TEMPLATES}/{name}.txt", encoding="utf-8") as handle:
            _cache[name] = Template(handle.read())
    return _cache[name]


def render(name, values):
    return load(name).substitute(values).strip()
