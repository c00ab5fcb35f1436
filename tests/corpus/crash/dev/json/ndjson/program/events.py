import json
from pathlib import Path


class EventLog:
    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, kind: str, **fields) -> None:
        with self.path.open("a", encoding="utf-8") as handle:
            handle.write(json.dumps({"kind": kind, **fields}) + "\n")

    def read(self) -> list[dict]:
        """All events, oldest first."""
        if not self.path.exists():
            return []
        return json.loads(self.path.read_text(encoding="utf-8"))
