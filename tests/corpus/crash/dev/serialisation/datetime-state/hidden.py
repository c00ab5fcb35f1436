import sys

sys.path.insert(0, "")
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

import worker
from jobs import Job

jobs = [
    Job("a", datetime(2024, 5, 1, 3, 0, 7, 123456, tzinfo=timezone(timedelta(hours=2))), 1),
    Job("b", None),
    Job("c", datetime(2024, 1, 1)),
]
with tempfile.TemporaryDirectory() as folder:
    again = worker.cycle(Path(folder) / "s.json", jobs)
    assert again == jobs and again[0].last_run.utcoffset() == timedelta(hours=2), again
