def parse(text):
    """A whole number, or None where the field is not one."""
    try:
        return int(text)
    except ValueError:
        return None


def parse_all(fields):
    good, bad = [], []
    for field in fields:
        value = parse(field)
        if value is None:
            bad.append(field)
        else:
            good.append(value)
    return good, bad
