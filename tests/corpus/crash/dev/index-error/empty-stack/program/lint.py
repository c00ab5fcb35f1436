from brackets import check


def lint(name, text):
    """Messages like `file:line: bracket does not fit`."""
    at = check(text)
    if at is None:
        return []
    line = text.count("\n", 0, at) + 1
    return [f"{name}:{line}: bracket {text[at]!r} does not fit"]


def lint_all(files):
    return [message for name, text in files.items() for message in lint(name, text)]
