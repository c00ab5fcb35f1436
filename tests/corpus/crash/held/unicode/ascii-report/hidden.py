import sys

sys.path.insert(0, ".")

import tempfile
from pathlib import Path

from people import TEAM, Person
from reports import read_report, write_report

with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "h.tsv"
    assert write_report(path, TEAM) == 3 and read_report(path) == TEAM
    assert path.read_text(encoding="utf-8").splitlines()[1] == "Zoë Müller\tKöln\t38.00"
    people = [Person("山田", "東京", 1.0), Person("👩", "x", 0.5)]
    assert write_report(path, people) == 2 and read_report(path) == people
