from probe import check


def line(name, text):
    good, port = check(text)
    return f"{name}: {port}" if good else f"{name}: bad"
