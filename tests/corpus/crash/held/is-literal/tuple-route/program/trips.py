STATIONS = {"Linz", "Wels", "Graz"}


def parse(text):
    """The two ends of a trip, in the order of the alphabet, since the fare is the same both ways."""
    first, second = text.split("-")
    for name in (first, second):
        if name not in STATIONS:
            raise ValueError(f"no station {name}")
    return tuple(sorted((first, second)))
