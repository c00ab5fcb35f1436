import sys

sys.path.insert(0, ".")

import asyncio
import subprocess

from conf.settings import Settings
from conf.worker import Worker

for values in ({}, {"limit": 1}, {"limit": 9}):
    worker = Worker(Settings(values))
    assert asyncio.run(worker.run(["x", "y", "z"])) == 3
    assert sorted(worker.done) == ["X", "Y", "Z"]
done = subprocess.run([sys.executable, "app.py"], capture_output=True, text=True)
assert done.returncode == 0 and done.stdout.startswith("thumbnails 4"), done
