import json
from collections import Counter


def verify(path):
    with open(path) as handle:
        entries = json.load(handle)
    return dict(Counter(entry["state"] for entry in entries))
