from state import StateFile


def sync(path, records, bad=()):
    """Work off what came since the last night; returns how many records."""
    file = StateFile(path)
    state = file.load()
    fresh = records[state["cursor"]:]
    state["failed"] += [r for r in fresh if r in bad]
    state["cursor"] = len(records)
    file.save(state)
    return len(fresh)
