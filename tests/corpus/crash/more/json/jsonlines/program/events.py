import json


def append(path, event):
    with open(path, "a", encoding="utf-8") as handle:
        handle.write(json.dumps(event) + "\n")


def read(path):
    """All events of the log, oldest first."""
    with open(path, encoding="utf-8") as handle:
        return json.load(handle)
