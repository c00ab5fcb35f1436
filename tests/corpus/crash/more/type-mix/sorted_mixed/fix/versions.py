def key(text):
    parts = text.split(".")
    return [int(part) for part in parts]


def bump(text):
    major, *rest = key(text)
    return f"{major}.{rest[-1] + 1}"


def newest(texts):
    return max(texts, key=key), bump("1.4")
