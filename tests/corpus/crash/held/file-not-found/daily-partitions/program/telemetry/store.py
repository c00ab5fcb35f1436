import json
from pathlib import Path


class PartitionStore:
    """Files <root>/<site>/<year>/<month>/<day>.ndjson; a second export of a day replaces the first."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.written = 0

    def path_of(self, site: str, day: str) -> Path:
        year, month, number = day.split("-")
        return self.root / site / year / month / f"{number}.ndjson"

    def write(self, site: str, day: str, readings) -> Path:
        path = self.path_of(site, day)
        with path.open("w") as handle:
            for reading in readings:
                handle.write(json.dumps(reading.as_row()) + "\n")
        self.written += 1
        return path
