import csv
from pathlib import Path

HERE = Path(__file__).parent


def load(name):
    """Names from a file exported by the old register (ISO-8859-1)."""
    with open(HERE / name, encoding="iso-8859-1", newline="") as handle:
        return [row[0] for row in csv.reader(handle)]
