import json
from pathlib import Path


class StateFile:
    """Keeps the position of the sync job between two nights."""

    def __init__(self, path):
        self.path = Path(path)

    def load(self):
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return {"cursor": 0, "failed": []}
        return json.loads(text)

    def save(self, state):
        self.path.write_text(str(state), encoding="utf-8")
