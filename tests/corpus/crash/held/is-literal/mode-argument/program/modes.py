from transforms import snake, title, upper


class UnknownMode(ValueError):
    pass


def transform(mode, words):
    mode = mode.strip().lower()
    if mode is "upper":
        change = upper
    elif mode is "title":
        change = title
    elif mode is "snake":
        change = snake
    else:
        raise UnknownMode(mode)
    return change(words)
