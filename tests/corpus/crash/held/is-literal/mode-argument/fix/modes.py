from transforms import snake, title, upper


class UnknownMode(ValueError):
    pass


def transform(mode, words):
    mode = mode.strip().lower()
    if mode == "upper":
        change = upper
    elif mode == "title":
        change = title
    elif mode == "snake":
        change = snake
    else:
        raise UnknownMode(mode)
    return change(words)
