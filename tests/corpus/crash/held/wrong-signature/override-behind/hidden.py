import sys

sys.path.insert(0, ".")

import tempfile
from pathlib import Path

from export.job import export_all

rows = [{"id": 1, "name": "tea"}, {"id": 2, "name": "pot"}]
for header in (True, False):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        assert export_all(rows, folder, header) == {".txt": 2, ".csv": 2, ".xml": 2}
        assert (folder / "rows.csv").read_text().split() == (["id,name"] if header else []) + ["1,tea", "2,pot"]
        assert (folder / "rows.txt").read_text().split() == (["id|name"] if header else []) + ["1|tea", "2|pot"]
        assert '<row id="2" name="pot"' in (folder / "rows.xml").read_text()
