import json


def load():
    with open("data/phrases.json", encoding="utf-8") as handle:
        return json.load(handle)


def pick(language):
    return load()[language]["hello"]
