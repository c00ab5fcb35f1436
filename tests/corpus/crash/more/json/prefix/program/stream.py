import json

PREFIX = "data: "


class Stream:
    """Server-sent events, each with a JSON body; ends with [DONE]."""

    def __init__(self, lines):
        self._lines = list(lines)

    def _bodies(self):
        for line in self._lines:
            if line.startswith(PREFIX):
                yield line

    def count(self):
        return sum(1 for body in self._bodies() if body[len(PREFIX):] != "[DONE]")

    def messages(self):
        for body in self._bodies():
            if body.endswith("[DONE]"):
                return
            yield json.loads(body)
