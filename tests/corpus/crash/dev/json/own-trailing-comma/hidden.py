import sys

sys.path.insert(0, ".")

import json
import os
import tempfile

from backup import restore, save

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "x.json")
    for rows in ([], [1], [{"a": ",]"}, {"b": None}], [f"n{n},\n" for n in range(50)]):
        assert save(path, iter(rows)) == len(rows)
        assert restore(path) == rows, rows
        with open(path, encoding="utf-8") as handle:
            assert json.load(handle) == rows, "the file itself must be JSON"
