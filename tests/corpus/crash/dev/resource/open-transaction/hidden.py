import sys

sys.path.insert(0, "")
import tempfile
from pathlib import Path

import run
from journal import Journal

with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "b.db"
    assert run.issue(path, ["ann", "bob"]) == [("ann", 1001), ("bob", 1002)]
    assert run.issue(path, ["cyd"]) == [("cyd", 1003)], "numbers must be kept"
    assert Journal(path).entries() == [(1001, "ann"), (1002, "bob"), (1003, "cyd")]
