"""Write a day's readings of all sensors into one file per site and day."""
import json
import sys
from pathlib import Path

from telemetry.model import Reading, group
from telemetry.store import PartitionStore

SAMPLE = [
    Reading("north", "t1", "2024-03-01T00:00:00", 4.5),
    Reading("north", "t2", "2024-03-01T00:10:00", 4.75),
    Reading("south", "t9", "2024-03-01T00:00:00", 11.0),
    Reading("north", "t1", "2024-03-02T00:00:00", 3.5),
]


def export(readings, target: Path) -> int:
    store = PartitionStore(target)
    for (site, day), members in group(readings).items():
        store.write(site, day, members)
    return store.written


def main() -> None:
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "out")
    print(json.dumps({"files": export(SAMPLE, target)}))


if __name__ == "__main__":
    main()
