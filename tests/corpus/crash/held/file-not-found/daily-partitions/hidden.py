import sys

sys.path.insert(0, "")
import json
import tempfile
from pathlib import Path

import export

with tempfile.TemporaryDirectory() as name:
    for _ in range(2):
        root = Path(name) / "deep" / "er"
        assert export.export(export.SAMPLE, root) == 3
        files = sorted(p.relative_to(root).as_posix() for p in root.rglob("*.ndjson"))
        assert files == ["north/2024/03/01.ndjson", "north/2024/03/02.ndjson", "south/2024/03/01.ndjson"], files
        rows = [json.loads(line) for line in (root / files[0]).read_text().splitlines()]
        assert [r["value"] for r in rows] == [4.5, 4.75], rows
