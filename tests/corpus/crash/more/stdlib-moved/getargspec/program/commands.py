def greet(name, greeting="Hello"):
    return f"{greeting}, {name}"


def repeat(text, times=2):
    return text * times
