import re

PATTERN = re.compile(r"\s*(?:(\d+)|([-+*()]))")


def tokens(text):
    """Yield ("number", n) and ("sign", s); a comment, from ';' on, ends the formula."""
    position = 0
    text = text.rstrip()
    while True:
        if position >= len(text) or text[position:].lstrip().startswith(";"):
            raise StopIteration
        match = PATTERN.match(text, position)
        if match is None:
            raise SyntaxError(f"not understood: {text[position:]!r}")
        position = match.end()
        number, sign = match.groups()
        yield ("number", int(number)) if number else ("sign", sign)
