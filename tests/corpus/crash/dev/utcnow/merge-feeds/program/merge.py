def merged(*sources):
    items = [item for source in sources for item in source]
    return sorted(items, key=lambda item: item.at)


def latest(items):
    return max(items, key=lambda item: item.at)
