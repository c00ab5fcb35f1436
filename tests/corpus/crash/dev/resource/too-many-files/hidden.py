import sys

sys.path.insert(0, "")
import resource
import tempfile
from pathlib import Path

import merge
from parts import make_parts

resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))
with tempfile.TemporaryDirectory() as folder:
    make_parts(folder, 100)
    target = Path(folder) / "all.txt"
    assert merge.merge(folder, target) == 100
    assert target.read_text() == "".join(f"value {n}\n" for n in range(100))
