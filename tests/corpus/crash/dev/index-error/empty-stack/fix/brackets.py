PAIRS = {")": "(", "]": "[", "}": "{"}


def check(text):
    """The position of the first bracket that does not fit, or None where all fit."""
    open_ = []
    for at, char in enumerate(text):
        if char in PAIRS.values():
            open_.append((at, char))
        elif char in PAIRS:
            if not open_:
                return at
            start, last = open_.pop()
            if last != PAIRS[char]:
                return at
    if open_:
        return open_[-1][0]
    return None
