"""Failures out of logs as incidents: what each is called, exact counts, bounds, and records that two files hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from nexoide.incidents.files import tally as module
from nexoide.incidents.files.tally import Tally
from nexoide.model.failure import Failure, Frame, Raised

NOW = 2000.0


def failure(message: str = "bad 1", *, at: float = 1000.125, function: str = "Shop.total", file: str = "/srv/app/shop/prices.py", **other: object) -> Failure:
    frames = (Frame(file="/usr/lib/python3.12/threading.py", line=9, function="run"), Frame(file=file, line=7, function=function, source="return int(text)"))
    raised = Raised(type="ValueError", message=message, frames=frames)
    return Failure(**({"target": "", "pid": 0, "source": "file", "at": at, "exceptions": (raised,), "origin": "app.log:12"} | other))  # type: ignore[arg-type]


def test_what_an_incident_is_called(tmp_path: Path):
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "prices.py").touch()
    tally = Tally(tmp_path)
    taken = tally.take(failure(file=f"{tmp_path}/shop/prices.py", host="web-1", route="POST /orders/{n}"), "app.log", NOW)
    assert taken is not None
    group, new = taken
    assert new
    shown = group.as_json()
    assert shown["type"] == "ValueError"
    assert shown["function"] == "total"
    assert shown["file"] == "shop/prices.py"
    assert shown["line"] == 7
    assert shown["class"] == "wrong value"
    assert shown["message"] == "bad 1"
    assert shown["count"] == 1
    assert shown["hosts"] == ["web-1"]
    assert shown["routes"] == {"POST /orders/{n}": 1}
    assert len(shown["fingerprint"]) == 16
    assert shown["occurrences"] == [
        {"at": 1000.125, "origin": "app.log", "line": 12, "pid": 0, "thread": "", "host": "web-1", "route": "POST /orders/{n}", "message": "bad 1"}
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"exceptions": (), "logger": "shop.mail", "log_message": "queue full"}, ("shop.mail", "shop.mail", "")),
        ({"exceptions": (), "log_message": "queue full"}, ("log", "", "")),
        ({"exceptions": (), "status": 502, "route": "GET /orders/{n}", "source": "http"}, ("HTTP 502", "GET /orders/{n}", "")),
        ({"function": "<module>", "file": "<stdin>"}, ("ValueError", "<module>", "<stdin>")),
    ],
)
def test_what_has_no_frame_of_a_project(changes: dict[str, object], expected: tuple[str, str, str]):
    taken = Tally(None).take(failure(**changes), "app.log", NOW)  # type: ignore[arg-type]
    assert taken is not None
    assert (taken[0].type, taken[0].function, taken[0].file) == expected


def test_counts_are_exact_and_occurrences_the_newest_hundred():
    tally = Tally(None)
    for number in range(250):
        tally.take(failure(f"bad {number}", at=5000.0 - number), "app.log", NOW)
    (group,) = tally
    assert (group.count, tally.count) == (250, 250)
    assert (group.first_at, group.last_at) == (4751.0, 5000.0)
    assert [one["message"] for one in group.occurrences] == [f"bad {number}" for number in range(150, 250)]


def test_more_kinds_than_can_be_kept_are_counted_together(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MAX_GROUPS", 5)
    tally = Tally(None)
    for number in range(20):
        tally.take(failure(function=f"f{chr(97 + number)}"), "app.log", NOW)
    assert len(tally) == 6
    assert tally.count == 20
    assert [group.count for group in tally] == [1, 1, 1, 1, 1, 15]


def test_the_same_record_in_two_files_counts_once():
    tally = Tally(None)
    for number in range(3):
        assert tally.take(failure(at=1000.5 + number, pid=7), "app.log", NOW) is not None
    for number in range(3):
        assert tally.take(failure(at=1000.9 + number, pid=7), "stderr.log", NOW) is None
    assert tally.count == 3


@pytest.mark.parametrize(
    "other",
    [
        {"pid": 8},  # another process
        {"pid": 0, "at": 1000.126},  # nobody says which, and not the very same moment
        {"message": "bad 2"},
        {"at": 1004.0},
        {"function": "Shop.other"},
    ],
)
def test_like_records_of_two_workers_are_two(other: dict[str, object]):
    tally = Tally(None)
    assert tally.take(failure(pid=7), "one.log", NOW) is not None
    assert tally.take(failure(**({"pid": 7} | other)), "two.log", NOW) is not None  # type: ignore[arg-type]
    assert tally.count == 2


def test_records_without_a_time_are_never_taken_for_one():
    tally = Tally(None)
    assert tally.take(failure(at=NOW), "one.log", NOW) is not None
    assert tally.take(failure(at=NOW), "two.log", NOW) is not None


def test_what_one_file_says_twice_happened_twice():
    tally = Tally(None)
    tally.take(failure(pid=7), "one.log", NOW)
    tally.take(failure(pid=7), "one.log", NOW)
    assert tally.count == 2
