import sys

sys.path.insert(0, "")
import tempfile

import bundle
import pack

with tempfile.TemporaryDirectory() as folder:
    assert bundle.bundle(folder, bundle.FILES) == {"readme.txt": 5, "data/a.csv": 4, "data/b.csv": 4}
    assert bundle.bundle(folder, {}) == {}
    assert pack.history() == ["bundle.zip", "bundle.zip"]
