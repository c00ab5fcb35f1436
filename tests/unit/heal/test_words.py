"""What came of a healing, in one sentence for people."""

from __future__ import annotations

from pathlib import Path

import pytest

from nexoide.heal.result import Healed
from nexoide.heal.words import said, unreadable
from tests.unit.heal.made import failure, seen


@pytest.mark.parametrize(
    ("code", "output", "expected"),
    [
        (3, "", "The command ended with 3 and showed no error: there is nothing to go by."),
        (139, "", "The command ended with 139 (SIGSEGV) and showed no error: there is nothing to go by."),
        (250, " \n", "The command ended with 250 and showed no error: there is nothing to go by."),
        (2, "begins\nno such file: nope.py\n", "The command ended with 2 and showed no traceback; the last that it printed: no such file: nope.py"),
    ],
)
def test_a_run_without_a_traceback_is_told_by_how_it_ended(code: int, output: str, expected: str) -> None:
    assert said(Healed(status="not_fixed", seen=seen(code=code, output=output)), None, "") == expected


def test_what_was_printed_last_is_cut_where_it_is_long() -> None:
    found = said(Healed(status="not_fixed", seen=seen(code=1, output="x" * 10_000)), None, "")
    assert len(found) < 500
    assert found.endswith("…")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xef\xbb\xbfx = 1\n", "app.py has a byte order mark"),
        (b"# coding: latin-1\nx = 1\n", "app.py declares an encoding other than UTF-8"),
        (b"x = 1\n", ""),
    ],
)
def test_a_file_that_no_edit_can_be_made_in_is_told_apart(tmp_path: Path, data: bytes, expected: str) -> None:
    (tmp_path / "app.py").write_bytes(data)
    found = unreadable(failure("KeyError", "'a'", (str(tmp_path / "app.py"), 1, "f")), tmp_path)
    assert found.startswith(expected)
    assert bool(found) == bool(expected)
    assert unreadable(failure("KeyError", "'a'", ("/usr/lib/x.py", 1, "f")), tmp_path) == ""
