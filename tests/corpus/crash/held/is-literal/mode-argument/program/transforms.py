def upper(words):
    return [word.upper() for word in words]


def title(words):
    return [word.capitalize() for word in words]


def snake(words):
    return ["_".join(word.lower() for word in words)]
