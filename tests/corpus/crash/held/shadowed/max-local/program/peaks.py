THRESHOLD = 3.0


def peak(hosts):
    """The host with the highest load, and that load."""
    max = max((values[-1], name) for name, values in hosts.items())
    return max[1], max[0]


def spread(values):
    low, high = min(values), max(values)
    return high - low


def report(hosts):
    lines = []
    for name, values in sorted(hosts.items()):
        mark = "!" if max(values) > THRESHOLD else " "
        lines.append(f"{mark}{name} {spread(values):.1f}")
    return lines
