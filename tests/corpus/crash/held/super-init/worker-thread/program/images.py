SIZES = {"jpg": 100, "png": 60}


def thumbnail(name):
    stem, _, kind = name.rpartition(".")
    return f"{stem}_small.{kind}", SIZES.get(kind, 0)
