import json


class Box:
    """Messages kept as JSON lines."""

    def __init__(self):
        self._lines = []

    def put(self, message):
        self._lines.append(str(message))

    def get(self, number):
        return json.loads(self._lines[number])

    def dump(self):
        return "\n".join(self._lines)
