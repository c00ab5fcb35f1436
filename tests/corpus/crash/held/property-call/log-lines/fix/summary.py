from collections import Counter


def tally(log):
    return dict(Counter(entry.status // 100 * 100 for entry in log.entries()))


def slowest(log, top=2):
    ranked = sorted(log.entries(), key=lambda entry: -entry.ms)
    return [(entry.path, entry.ms) for entry in ranked[:top]]
