"""No call ever sees half a patch: real programs under load, on every interpreter that is installed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

PROGRAM = Path(__file__).with_name("hammered.py")


def hammered(python: str, **settings: Any) -> dict[str, Any]:
    """Run the program and return what it saw."""
    done = subprocess.run([python, "-W", "error", str(PROGRAM), json.dumps(settings)], capture_output=True, text=True, timeout=150, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["errors"] == [], "\n".join(found["errors"])
    assert found["calls"] > 0
    return found


def test_threads_that_call_all_the_time_never_see_half_a_patch(python: str) -> None:
    assert hammered(python, threads=8, tasks=0, commits=24, back_every=4)["states"] == {"done": 24, "back done": 6}


def test_tasks_generators_and_threads_together_never_see_half_a_patch(python: str) -> None:
    assert hammered(python, threads=2, tasks=60, commits=24, back_every=6)["states"] == {"done": 24, "back done": 4}


def test_many_threads_and_a_thousand_tasks_never_see_half_a_patch(edge: str) -> None:
    assert hammered(edge, threads=32, tasks=1000, commits=4)["states"] == {"done": 4}


def test_a_patch_that_is_given_up_leaves_everything_as_it_was_and_nobody_sees_it(python: str) -> None:
    found = hammered(python, threads=4, tasks=40, commits=8, when="quiescent", bound_s=0.0)
    assert set(found["states"]) <= {"blocked", "done"}
    assert found["states"]["blocked"] >= 4


def test_an_audit_hook_in_python_that_lets_threads_in_does_not_tear_a_patch(python: str) -> None:
    assert hammered(python, threads=6, tasks=20, commits=10, audit=True)["states"] == {"done": 10}
