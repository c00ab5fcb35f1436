"""Starts the scenario driver on an interpreter, with nexoide and nothing else on its path, and collects its rows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.reload_scenarios import CORPUS

ROOT = Path(__file__).resolve().parents[2]
DRIVER = ROOT / "tests" / "support" / "reload_driver.py"


@contextmanager
def only_nexoide() -> Iterator[str]:
    """A folder in which nexoide is and nothing else, for PYTHONPATH."""
    with tempfile.TemporaryDirectory(prefix="nx-path-") as folder:
        (Path(folder) / "nexoide").symlink_to(ROOT / "nexoide")
        yield folder


def environment(path: str) -> dict[str, str]:
    """Return an environment with nothing of this process's Python, coverage or nexoide in it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV", "NEXOIDE"))}
    return {**kept, "PYTHONPATH": path, "PYTHONHASHSEED": "0", "IPYTHONDIR": str(Path(tempfile.gettempdir()) / "nx-ipython")}


def run_scenarios(python: str, engine: str = "nexoide", names: Sequence[str] = (), limit_s: float = 600.0) -> list[dict[str, Any]]:
    """Run scenarios by name or group, all without names; each row has name, group, verdict, reason, seconds and ms."""
    with only_nexoide() as path:
        done = subprocess.run(
            [python, str(DRIVER), engine, str(CORPUS), *names], env=environment(path), capture_output=True, text=True, timeout=limit_s, check=False
        )
    if done.returncode:
        raise RuntimeError(f"the driver ended with {done.returncode}: {done.stderr[-2000:]}")
    return [json.loads(line) for line in done.stdout.splitlines()]


if __name__ == "__main__":
    wanted = sys.argv[1:] or ["nexoide"]
    for row in run_scenarios(sys.executable, wanted[0], wanted[1:]):
        print(f"{row['verdict']:20} {row['name']:32} {row['reason'][:300]}")
