def names(folder):
    return sorted(p.name for p in folder.iterdir() if not p.name.startswith((".", "__")))


def count(folder):
    return len(names(folder))
