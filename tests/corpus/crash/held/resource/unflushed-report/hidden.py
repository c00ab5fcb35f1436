import sys

sys.path.insert(0, "")
import tempfile

import nightly

with tempfile.TemporaryDirectory() as folder:
    assert nightly.produce(folder, [("a", "ok"), ("b", "warn"), ("c", "ok")]) == {"ok": 2, "warn": 1}
    assert nightly.produce(folder, []) == {}
    assert nightly.produce(folder, [(f"job-{n}", "ok") for n in range(5000)]) == {"ok": 5000}
