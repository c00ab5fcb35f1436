def deltas(values):
    """Differences of neighbours: one fewer than the values."""
    out = []
    for i in range(len(values) - 1):
        out.append(values[i + 1] - values[i])
    return out


def peaks(values):
    found = []
    for i in range(1, len(values) - 1):
        if values[i - 1] < values[i] > values[i + 1]:
            found.append(i)
    return found
