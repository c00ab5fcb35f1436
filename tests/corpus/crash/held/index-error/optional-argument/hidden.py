import sys

sys.path.insert(0, ".")

import subprocess
import tempfile
from pathlib import Path


def run(*words):
    return subprocess.run([sys.executable, "-B", *words], capture_output=True, text=True)


assert run("app.py", "names").stdout.split() == ["app.py", "listing.py"]
assert run("app.py", "count").stdout.strip() == "2"
with tempfile.TemporaryDirectory() as folder:
    Path(folder, "x.txt").write_text("")
    assert run("app.py", "names", folder).stdout.strip() == "x.txt"
    assert run("app.py", "count", folder).stdout.strip() == "1"
assert run("app.py", "dance", ".").returncode == 2
assert run("app.py", "count", "/no/such/folder").returncode != 0
