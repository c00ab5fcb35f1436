GAP = None


def to_number(raw):
    """The reading as a whole number, or GAP where the device sent nothing usable (an empty text, a word, null)."""
    try:
        return int(raw)
    except (TypeError, ValueError):
        return GAP


def series(values):
    return [to_number(value) for value in values]
