import csv
from pathlib import Path


class Exporter:
    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, name: str, rows) -> Path:
        target = self.root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("w", newline="") as handle:
            csv.writer(handle, lineterminator="\n").writerows(rows)
        return target
