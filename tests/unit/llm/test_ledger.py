"""The ledger: windows, reservations, and a file that survives torn lines and stays bounded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nexoide.llm import ledger as module
from nexoide.llm.errors import ModelError
from nexoide.llm.ledger import Budget, Ledger

BUDGET = Budget(tokens_per_hour=1000, usd_per_day=1.0)


class Hand:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def wall(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return self.now


def test_what_was_used_counts_for_an_hour_and_dollars_for_a_day() -> None:
    clock = Hand()
    ledger = Ledger(clock=clock)
    ledger.settle(0, "m", 600, 300, 0.75)
    assert ledger.reserve(100, BUDGET) == pytest.approx(0.25)
    ledger.settle(100, "m", 0, 0, None)
    with pytest.raises(ModelError, match="900 are used and this question may take 101"):
        ledger.reserve(101, BUDGET)
    clock.now += 3601
    assert ledger.reserve(1000, BUDGET) == pytest.approx(0.25)
    ledger.settle(1000, "m", 1, 1, 0.3)
    with pytest.raises(ModelError, match="a day is spent"):
        ledger.reserve(1, BUDGET)
    clock.now += 86400
    assert ledger.reserve(1, BUDGET) == 1.0


def test_questions_under_way_are_set_aside() -> None:
    ledger = Ledger()
    ledger.reserve(600, BUDGET)
    with pytest.raises(ModelError):
        ledger.reserve(600, BUDGET)
    ledger.settle(600, "m", 0, 0, None)
    assert ledger.reserve(600, BUDGET) == 1.0


def test_a_budget_of_nothing_lets_what_costs_nothing_through() -> None:
    assert Ledger().reserve(10, Budget(tokens_per_hour=10, usd_per_day=0.0)) == 0.0


def test_it_is_kept_in_a_private_file_that_may_be_torn(tmp_path: Path) -> None:
    path = tmp_path / "models.jsonl"
    clock = Hand()
    Ledger(path, clock=clock).settle(0, "m", 10, 20, 0.5)
    assert path.stat().st_mode & 0o777 == 0o600
    with path.open("ab") as stream:
        stream.write(b'{"at": 5\n[]\n"x"\n' + json.dumps({"at": 1, "model": "m", "input_tokens": "many", "output_tokens": 1, "cost_usd": 1}).encode() + b"\n{")
    again = Ledger(path, clock=clock)
    assert (again.tokens(), again.usd()) == (30, 0.5)


def test_its_file_is_written_anew_with_the_last_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ROWS", 5)
    path = tmp_path / "models.jsonl"
    clock = Hand()
    ledger = Ledger(path, clock=clock)
    for _ in range(10):
        ledger.settle(0, "m", 1, 1, None)
    assert len(path.read_bytes().splitlines()) == 10
    clock.now += 90_000
    ledger.settle(0, "m", 7, 1, None)
    assert [json.loads(line)["input_tokens"] for line in path.read_bytes().splitlines()] == [7]
    assert [item.name for item in tmp_path.iterdir()] == ["models.jsonl"]


def test_a_ledger_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "lost" / "models.jsonl")
    with pytest.raises(ModelError, match="budgets would not hold"):
        ledger.settle(0, "m", 1, 1, None)
