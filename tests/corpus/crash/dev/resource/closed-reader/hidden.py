import sys

sys.path.insert(0, "")
import tempfile
from pathlib import Path

import app
from pipeline.extract import rows

assert [(e.name, e.salary) for e in app.load(app.DATA)] == [("Ann", 4100), ("Cyd", 4300), ("Dee", 4050)]
with tempfile.TemporaryDirectory() as name:
    p = Path(name, "x.csv")
    p.write_text("a, b\n1,2\n3 ,4\n")
    assert list(rows(p, ",")) == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]
