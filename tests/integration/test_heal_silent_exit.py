"""A program that ends itself with a message, by its own check: no traceback shows, and the fault is found all the same."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

BUILD = "def build(names):\n    found = []\n    for name in names:\n        found.append(lambda: name)\n    return found\n"
CHECK = """\
import sys
from handlers import build

got = [handler() for handler in build(["tea", "coffee"])]
if got != ["tea", "coffee"]:
    {end}
print("ok")
"""


def heal(folder: Path) -> dict[str, Any]:
    words = [sys.executable, "-m", "nexoide.cli", "heal", "--json", "--path", str(folder), "--command", f"{sys.executable} app.py"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=100, check=False)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("end", ['sys.exit("the handlers are wrong")', "print('wrong', file=sys.stderr)\n    raise SystemExit(3)"])
def test_the_fault_behind_its_own_check_is_found(tmp_path: Path, end: str) -> None:
    (tmp_path / "handlers.py").write_text(BUILD)
    (tmp_path / "app.py").write_text(CHECK.format(end=end))
    found = heal(tmp_path)
    assert found["status"] == "fixed", found
    assert found["error_class"] == "SystemExit"
    assert "lambda name=name" in found["patches"][0]["diff"]
    assert any(row["kind"] == "regression" and row["outcome"] == "passed" for row in found["patches"][0]["evidence"])


def test_a_program_that_rightly_gives_up_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text('import sys\n\nif len(sys.argv) < 2:\n    sys.exit("usage: app.py FILE")\nprint(sys.argv[1])\n')
    found = heal(tmp_path)
    assert found["patches"] == []
    assert found["status"] in ("not_fixed", "no_patch")
