def key(text):
    parts = text.split(".")
    return [int(parts[0])] + parts[1:]


def bump(text):
    major, *rest = key(text)
    return f"{major}.{rest[-1] + 1}"


def newest(texts):
    return max(texts, key=key), bump("1.4")
