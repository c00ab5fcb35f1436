from collections.abc import Iterable, Mapping


def flatten(value):
    """All leaves of nested lists and tuples in order, without the nesting."""
    if isinstance(value, Iterable):
        leaves = []
        for member in value:
            leaves.extend(flatten(member))
        return leaves
    return [value]


def show(value):
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)


def lines(settings, prefix=""):
    found = []
    for key, value in settings.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            found.extend(lines(value, name + "."))
        else:
            found.append(f"{name}={','.join(show(leaf) for leaf in flatten(value))}")
    return found
