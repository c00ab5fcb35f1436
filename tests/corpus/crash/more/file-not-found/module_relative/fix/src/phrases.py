import json
from pathlib import Path


def load():
    with open(Path(__file__).parent / "data" / "phrases.json", encoding="utf-8") as handle:
        return json.load(handle)


def pick(language):
    return load()[language]["hello"]
