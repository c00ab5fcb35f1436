import math


def plan(jobs, workers):
    """Spread jobs (name, minutes) over workers, longest first; returns a list of lists of names."""
    lanes = [[0, []] for _ in range(workers)]
    for name, minutes in sorted(jobs, key=lambda job: -job[1]):
        lane = min(lanes, key=lambda one: one[0])
        lane[0] += minutes
        lane[1].append(name)
    return [names for _, names in lanes]


def rounds(jobs, slot):
    """How many slots of so many minutes it takes to work off all jobs, each job cut at will."""
    remaining = sum(minutes for _, minutes in jobs)
    used = 0
    while remaining > 0:
        remaining -= slot
        used += 1
    if used != math.ceil(sum(m for _, m in jobs) / slot):
        raise RuntimeError(f"off by {remaining}")
    spare = abs(remaining)
    return used, spare
