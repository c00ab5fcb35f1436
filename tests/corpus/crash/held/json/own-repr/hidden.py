import sys

sys.path.insert(0, ".")

import json
import os
import tempfile

from state import StateFile
from sync import sync

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "c.json")
    assert sync(path, ["it's", "b"], bad=("it's",)) == 2
    assert StateFile(path).load() == {"cursor": 2, "failed": ["it's"]}
    assert json.load(open(path)) == {"cursor": 2, "failed": ["it's"]}, "the file must be JSON"
    assert sync(path, ["it's", "b", "c", "d"], bad=("d",)) == 2
    assert sync(path, ["it's", "b", "c", "d"]) == 0
    StateFile(path).save({"cursor": None, "failed": [True]})
    assert StateFile(path).load() == {"cursor": None, "failed": [True]}
