def width_of(mode):
    if mode == "wide":
        return 120
    if mode == "narrow":
        return 40
    return 80
