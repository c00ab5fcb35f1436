from __future__ import annotations

from pathlib import Path

import pytest

from nexoide.repair.validation import Observation
from nexoide.repair.validation.replay import replayed
from nexoide.repair.validation.rows import Clock
from tests.unit.repair.validation.builders import failure, frame, lay, proposal, ran, trial

FILES = {"main.py": "from cart import total\nprint('start')\nprint(total([{'price': 1}]))\n", "cart.py": "def total(items):\n    return items[0]['qty']\n"}
TRACE = "start\nTraceback (most recent call last):\n  File 'x', line 1\nKeyError: 'qty'\n"


def _rows(tmp_path: Path, after: Observation, before: Observation | None = None) -> list[tuple[str, str]]:
    root = lay(tmp_path, FILES)
    known = failure(frame(root, "cart.py", 2, "total", source="return items[0]['qty']"))
    first = before or ran(TRACE, known, code=1)
    found = replayed(trial(root, proposal(root, "cart.py", "['qty']", ".get('qty')"), known), first, after, Clock())
    return [(item.kind, item.outcome) for item in found]


def test_a_run_to_its_end_passes_and_keeps_its_output(tmp_path: Path) -> None:
    assert _rows(tmp_path, ran("start\nNone\n")) == [("replay", "passed"), ("output", "passed")]


def test_the_same_failure_at_a_moved_line_fails(tmp_path: Path) -> None:
    again = failure(frame(tmp_path.resolve(), "cart.py", 9, "total", source="return items[0]['qty']"))
    assert _rows(tmp_path, ran(TRACE, again, code=1))[0] == ("replay", "failed")


def test_a_new_failure_in_an_edited_line_fails(tmp_path: Path) -> None:
    fresh = failure(frame(tmp_path.resolve(), "cart.py", 2, "total"), error="AttributeError", message="'list' object has no attribute 'get'")
    assert _rows(tmp_path, ran("start\n", fresh, code=1))[0] == ("replay", "failed")


def test_a_new_failure_elsewhere_is_not_decided(tmp_path: Path) -> None:
    fresh = failure(frame(tmp_path.resolve(), "main.py", 3, "<module>"), error="TypeError", message="no")
    assert _rows(tmp_path, ran("start\n", fresh, code=1))[0] == ("replay", "inconclusive")


def test_a_failure_that_is_only_printed_is_seen(tmp_path: Path) -> None:
    assert _rows(tmp_path, ran("start\nerror: KeyError: 'qty'\n", code=2))[0] == ("replay", "failed")


def test_a_run_that_no_longer_ends_fails(tmp_path: Path) -> None:
    assert _rows(tmp_path, ran("start\n", code=None, timed_out=True, seconds=20.0))[0] == ("replay", "failed")


def test_a_program_that_never_ended_is_not_blamed_for_it(tmp_path: Path) -> None:
    known = failure(frame(tmp_path.resolve(), "cart.py", 2, "total"))
    before = ran(TRACE, known, code=None, timed_out=True)
    assert _rows(tmp_path, ran("start\n", code=None, timed_out=True), before)[0] == ("replay", "inconclusive")


def test_an_exit_code_alone_is_not_enough(tmp_path: Path) -> None:
    assert _rows(tmp_path, ran("start\n", code=3))[0] == ("replay", "inconclusive")


@pytest.mark.parametrize("output", ["begin\nNone\n", ""])
def test_output_that_changed_before_the_failure_is_said(tmp_path: Path, output: str) -> None:
    assert _rows(tmp_path, ran(output)) == [("replay", "passed"), ("output", "inconclusive")]
