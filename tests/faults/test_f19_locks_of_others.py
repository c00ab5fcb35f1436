"""F19: index.lock, HEAD.lock or main.lock present: waited for a moment, then named with its age, never deleted."""

from __future__ import annotations

import os
import threading
import time

import pytest

from nexoide.errors import RefusedError
from nexoide.vcs import locks
from tests.support.repositories import AFTER, make_sample

REF_LOCKS = ["HEAD.lock", "refs/heads/main.lock"]


@pytest.fixture
def sample(tmp_path):
    return make_sample(tmp_path / "shop")


def test_patience_is_seven_attempts_in_about_a_second(monkeypatch, tmp_path):
    waits, attempts = [], []
    monkeypatch.setattr(time, "sleep", waits.append)

    def attempt():
        attempts.append(1)
        raise locks.HeldError(tmp_path / "index.lock")

    with pytest.raises(RefusedError, match=r"index\.lock, held since a moment ago"):
        locks.with_patience(attempt)
    assert len(attempts) == 7
    assert waits == [0.02, 0.04, 0.08, 0.16, 0.32, 0.64]
    assert sum(waits) < 1.3


@pytest.mark.parametrize("name", REF_LOCKS)
def test_a_held_branch_is_refused_with_name_and_age(sample, monkeypatch, name):
    monkeypatch.setattr(locks, "FIRST_WAIT", 0.001)
    plan = sample.plan()
    lock = sample.root / ".git" / name
    lock.write_bytes(b"")
    os.utime(lock, (1_700_000_000, 1_700_000_000))
    with pytest.raises(RefusedError, match=rf"locked by {lock}, held since 2023-11-14 22:13:20 UTC: let that git"):
        sample.open().publish(plan)
    assert lock.exists()
    assert sample.open().head() == plan.old_commit
    lock.unlink()
    sample.open().publish(plan)
    assert sample.open().head() == plan.new_commit


def test_a_held_index_is_refused_and_the_index_stays(sample, monkeypatch):
    monkeypatch.setattr(locks, "FIRST_WAIT", 0.001)
    repository = sample.open()
    plan = sample.plan()
    repository.publish(plan)
    lock = sample.root / ".git/index.lock"
    lock.write_bytes(b"DIRC of somebody else")
    index = (sample.root / ".git/index").read_bytes()
    with lock.open() as held, pytest.raises(RefusedError, match=f"index.lock, held since .* by process {os.getpid()}:"):
        repository.sync_index(plan)
    assert held.closed
    assert lock.read_bytes() == b"DIRC of somebody else"
    assert (sample.root / ".git/index").read_bytes() == index
    lock.unlink()
    sample.write("shop/price.py", AFTER)
    repository.sync_index(plan)
    assert sample.git("status", "--porcelain") == ""


@pytest.mark.parametrize("name", [*REF_LOCKS, "index.lock"])
def test_a_lock_that_is_released_in_time_is_waited_for(sample, name):
    repository = sample.open()
    plan = sample.plan()
    lock = sample.root / ".git" / name
    lock.write_bytes(b"")
    release = threading.Timer(0.1, lock.unlink)
    release.start()
    repository.publish(plan)
    sample.write("shop/price.py", AFTER)
    repository.sync_index(plan)
    release.join()
    assert sample.git("status", "--porcelain") == ""
    assert sample.git("rev-parse", "HEAD") == plan.new_commit
