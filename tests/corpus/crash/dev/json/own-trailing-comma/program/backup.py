import json

from writer import ArrayWriter


def save(path, rows):
    with open(path, "w", encoding="utf-8") as handle, ArrayWriter(handle) as array:
        for row in rows:
            array.add(row)
    return array.count


def restore(path):
    with open(path, encoding="utf-8") as handle:
        return json.load(handle)
