"""Codes that pass calls on, on every interpreter that is installed."""

from __future__ import annotations

import subprocess
from pathlib import Path

PROGRAM = Path(__file__).with_name("forwarded.py")


def test_a_forwarding_code_takes_the_place_of_any_function_and_asks_nothing_of_its_target(python: str) -> None:
    done = subprocess.run([python, "-X", "dev", "-W", "error", str(PROGRAM)], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("fine\n", "")
