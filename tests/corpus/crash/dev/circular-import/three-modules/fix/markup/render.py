from html import escape as _escape

SNIPPETS = {"sig": "-- *the team*", "addr": "1 High St & Co"}


def escape(text):
    return _escape(text, quote=False)


def expand(name):
    return render(SNIPPETS[name])


def render(source):
    from markup.parser import parse

    return "".join(node.html() for node in parse(source))
