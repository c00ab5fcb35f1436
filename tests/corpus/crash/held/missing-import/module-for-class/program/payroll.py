from collections import defaultdict

from shifts import parse_shift


def hours(lines: list[str]) -> dict[str, float]:
    total: dict[str, float] = defaultdict(float)
    for line in lines:
        shift = parse_shift(line)
        total[shift.worker] += shift.hours
    return dict(total)
