import json


class ReportWriter:
    """Writes a JSON list entry by entry, so that a long report needs no memory."""

    def __init__(self, path):
        self.path = path
        self._handle = open(path, "w")
        self._handle.write("[")
        self._count = 0

    def add(self, name, state):
        if self._count:
            self._handle.write(",\n")
        self._handle.write(json.dumps({"name": name, "state": state}))
        self._count += 1

    def finish(self):
        """Complete the list; returns the path of the file, which is ready to be read."""
        self._handle.write("]\n")
        self._handle.close()
        return self.path
