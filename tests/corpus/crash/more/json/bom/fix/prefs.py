import json
import os

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "prefs.json")


def load(path=PATH):
    with open(path, encoding="utf-8-sig") as handle:
        return json.loads(handle.read())
