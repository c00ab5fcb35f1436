def width_of(mode):
    if mode is "wide":
        return 120
    if mode is "narrow":
        return 40
    return 80
