def canonical(name):
    return name.strip().casefold()
