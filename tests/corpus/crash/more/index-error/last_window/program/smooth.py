def moving(values, width):
    """The mean of each full window."""
    out = []
    for start in range(len(values)):
        total = 0
        for offset in range(width):
            total += values[start + offset]
        out.append(total / width)
    return out
