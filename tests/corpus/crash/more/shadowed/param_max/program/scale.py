def clip_all(values, limit):
    return [min(value, limit) for value in values]


def scale(values, max=1.0):
    """Values so that the biggest becomes max."""
    biggest = max(values)
    return [value * max / biggest for value in values]
