"""F02: git itself killed while it moves the branch; the branch is at the old or the new commit, and locks of ours are ours."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from nexoide.errors import RefusedError
from nexoide.vcs import locks
from nexoide.vcs.runner import Runner
from tests.support.repositories import AFTER, make_sample


@pytest.fixture
def sample(tmp_path, monkeypatch):
    monkeypatch.setattr(locks, "FIRST_WAIT", 0.001)
    return make_sample(tmp_path / "shop")


def test_killed_at_many_moments_the_branch_moves_exactly_once_and_no_lock_stays(sample, monkeypatch):
    start = Runner.start
    for step in range(16):
        repository = sample.open()
        plan = sample.plan({"shop/price.py": AFTER + b"# %d\n" % step})
        delay = step * 0.0002

        def killed(self, *arguments, delay=delay, **options):
            process = start(self, *arguments, **options)
            if arguments[0] == "update-ref":
                monkeypatch.setattr(Runner, "start", start)
                time.sleep(delay)
                os.killpg(process.pid, signal.SIGKILL)
            return process

        monkeypatch.setattr(Runner, "start", killed)
        repository.publish(plan)
        assert repository.head() == plan.new_commit
        repository.sync_index(plan)
        assert not list((sample.root / ".git").rglob("*.lock"))
    assert sample.git("fsck", "--strict") == ""
    assert sample.git("rev-list", "--count", "HEAD") == "17"


def test_killed_again_and_again_the_branch_is_old_or_new(sample, monkeypatch):
    start = Runner.start
    plan = sample.plan()

    def killed(self, *arguments, **options):
        process = start(self, *arguments, **options)
        if arguments[0] == "update-ref":
            os.killpg(process.pid, signal.SIGKILL)
        return process

    monkeypatch.setattr(Runner, "start", killed)
    with pytest.raises(RefusedError):
        sample.open().publish(plan)
    assert sample.open().published(plan) == "no"
    monkeypatch.setattr(Runner, "start", start)
    sample.open().publish(plan)
    assert sample.open().published(plan) == "yes"


def leave_ref_locks(sample, content):
    (sample.root / ".git/refs/heads/main.lock").write_bytes(content)
    (sample.root / ".git/HEAD.lock").write_bytes(b"")


def test_locks_that_hold_our_commit_are_taken_over(sample):
    plan = sample.plan()
    leave_ref_locks(sample, plan.new_commit.encode() + b"\n")
    sample.open().publish(plan)
    assert sample.open().published(plan) == "yes"
    assert not list((sample.root / ".git").rglob("*.lock"))


@pytest.mark.parametrize("content", [b"", b"1" * 40 + b"\n"])
def test_locks_of_others_are_never_removed(sample, content):
    plan = sample.plan()
    leave_ref_locks(sample, content)
    with pytest.raises(RefusedError, match=r"\.lock, held since"):
        sample.open().publish(plan)
    assert (sample.root / ".git/HEAD.lock").exists()
    assert (sample.root / ".git/refs/heads/main.lock").read_bytes() == content
    assert sample.open().published(plan) == "no"


def test_a_lock_that_somebody_has_open_is_not_taken_over(sample):
    plan = sample.plan()
    leave_ref_locks(sample, plan.new_commit.encode())
    with (sample.root / ".git/refs/heads/main.lock").open(), pytest.raises(RefusedError):
        sample.open().publish(plan)
    assert (sample.root / ".git/refs/heads/main.lock").exists()


def test_the_index_lock_of_a_dead_process_of_ours_is_taken_over(sample):
    """The process dies between taking the lock and replacing the index."""
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom nexoide.model import codec\nfrom nexoide.model.deployment import DeploymentPlan\n"
        "from nexoide.vcs import index\nfrom nexoide.vcs.repository import Repository\n"
        "index._rewrite = lambda *a, **k: os._exit(0)\n"
        "Repository.open(Path(sys.argv[1])).sync_index(codec.decode(sys.stdin.buffer.read(), DeploymentPlan))\n"
    )
    from nexoide.model import codec

    repository = sample.open()
    plan = sample.plan()
    repository.publish(plan)
    sample.write("shop/price.py", AFTER)
    subprocess.run([sys.executable, "-c", code, str(sample.root)], input=codec.encode(plan), check=True)
    assert (sample.root / ".git/index.lock").exists()
    repository.sync_index(plan)
    assert sample.git("status", "--porcelain") == ""
    repository.prune_worktrees()
    assert not [path.name for path in (sample.root / ".git").iterdir() if path.name.startswith("nexoide") or path.suffix == ".lock"]


def test_the_index_lock_of_a_living_process_of_ours_stays(sample):
    from nexoide.vcs.owners import own_stamp

    plan = sample.plan()
    lock = sample.root / ".git/index.lock"
    lock.write_text(f"nexoide {own_stamp()}\n")
    with pytest.raises(RefusedError, match=r"index\.lock"):
        sample.open().sync_index(plan)
    assert lock.exists()
