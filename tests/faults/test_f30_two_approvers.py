"""F30: two operators decide at once; exactly one wins, the other is told who did."""

from __future__ import annotations

import threading

from nexoide.client.control import Control
from nexoide.errors import ConflictError
from nexoide.model.commands import DecideCommand
from tests.support.project import git
from tests.support.supervised import Supervised


def test_exactly_one_of_many_approvals_wins(bank: Supervised) -> None:
    bank.start()
    patch = bank.patch("waiting")
    names = [f"operator{number}" for number in range(6)]
    won: list[str] = []
    told: list[str] = []
    gate = threading.Barrier(len(names))

    def decide(name: str) -> None:
        control = Control(bank.workspace.socket)
        gate.wait()
        try:
            control.approve(patch.id, DecideCommand(digest=patch.digest, operator=name))
            won.append(name)
        except ConflictError as error:
            told.append(error.sentence)

    threads = [threading.Thread(target=decide, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert len(told) == len(names) - 1
    assert all(won[0] in sentence for sentence in told)
    assert git(bank.root, "rev-list", "--count", "HEAD") == "2"
    decisions = [event for event in bank.control.journal(0, 1000) if event.kind == "decision.made"]
    assert len(decisions) == 1


def test_an_approval_and_a_rejection_at_once_leave_one_decision(bank: Supervised) -> None:
    bank.start()
    patch = bank.patch("waiting")
    states: list[str] = []
    gate = threading.Barrier(2)

    def decide(action: str) -> None:
        control = Control(bank.workspace.socket)
        gate.wait()
        try:
            states.append(getattr(control, action)(patch.id, DecideCommand(digest=patch.digest, operator=action)).state)
        except ConflictError:
            pass

    threads = [threading.Thread(target=decide, args=(action,)) for action in ("approve", "reject")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(states) == 1
    final = next(p for p in bank.control.status().patches if p.id == patch.id)
    assert final.state == states[0]
    assert git(bank.root, "rev-list", "--count", "HEAD") == ("2" if states == ["live"] else "1")
