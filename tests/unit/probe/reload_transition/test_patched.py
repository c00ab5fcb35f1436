"""The same through whole transactions over two files: arguments swapped, a method renamed, defaults, a dataclass's caller."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

PROGRAM = Path(__file__).with_name("patched.py")


def test_a_patch_over_two_files_is_never_seen_in_half(python: str, tmp_path: Path) -> None:
    settings = json.dumps({"threads": 4, "tasks": 20, "commits": 12})
    done = subprocess.run([python, "-W", "error", str(PROGRAM), str(tmp_path), settings], capture_output=True, text=True, timeout=150, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["reports"] == [["committed", "", []]] * 12
    assert found["errors"] == [], "\n".join(found["errors"])
    assert found["calls"] > 0
