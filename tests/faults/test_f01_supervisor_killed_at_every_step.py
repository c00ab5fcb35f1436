"""F01: kill -9 of the supervisor at every step of a deployment; a restart completes or undoes it, exactly once."""

from __future__ import annotations

import pytest

from nexoide.errors import NexoideError
from tests.support.project import git, read_state
from tests.support.supervised import Supervised, wait_for

STEPS = [
    "deploy.decide.before",
    "deploy.decide.after",
    "deploy.publish.before",
    "deploy.publish.after",
    "deploy.write.after",
    "deploy.index.after",
    "deploy.committed.after",
    "deploy.reload.after",
]


@pytest.mark.parametrize("step", STEPS)
def test_an_approval_is_carried_out_exactly_once(bank: Supervised, step: str) -> None:
    bank.start(NEXOIDE_FAIL=f"{step}:SIGKILL")
    patch = bank.patch("waiting")
    state_file = bank.root.parent / "state.txt"
    pid = read_state(state_file)[0]
    with pytest.raises(NexoideError):
        bank.decide(patch, "approve")
    assert bank.ended() != 0
    bank.start()
    if step == "deploy.decide.before":
        assert next(p for p in bank.control.status().patches).state == "waiting"
        assert git(bank.root, "rev-list", "--count", "HEAD") == "1"
        return
    live = bank.patch("live", seconds=30)
    assert live.id == patch.id
    assert git(bank.root, "rev-list", "--count", "HEAD") == "2"
    assert git(bank.root, "status", "--porcelain") == ""
    wait_for(lambda: read_state(state_file)[2] > 0, "money arrives")
    assert read_state(state_file)[0] == pid
    assert bank.incident("resolved")
    assert bank.control.audit().ok
