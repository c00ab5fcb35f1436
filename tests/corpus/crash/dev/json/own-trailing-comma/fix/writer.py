import json


class ArrayWriter:
    """Writes a long JSON array element by element, so that it need not be held in memory."""

    def __init__(self, handle):
        self.handle = handle
        self.count = 0

    def __enter__(self):
        self.handle.write("[")
        return self

    def add(self, value):
        self.handle.write(",\n" if self.count else "\n")
        self.handle.write("  " + json.dumps(value, sort_keys=True))
        self.count += 1

    def __exit__(self, *exc):
        self.handle.write("\n]\n")
