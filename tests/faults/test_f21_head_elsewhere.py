"""F21: detached HEAD, a branch without commits, a branch that moved since the proposal."""

from __future__ import annotations

import pytest

from nexoide.errors import ConflictError, RepositoryError
from nexoide.vcs.repository import Repository
from tests.support.repositories import AFTER, WHEN, Sample, make_sample


@pytest.fixture
def sample(tmp_path):
    return make_sample(tmp_path / "shop")


def refusal(sample):
    with pytest.raises(RepositoryError) as caught:
        sample.open().require_committable()
    return caught.value.sentence


def test_detached(sample):
    sample.git("checkout", "-q", "--detach")
    state = sample.open().state()
    assert state.detached
    assert (state.branch, state.ref) == ("", "")
    assert state.head == sample.git("rev-parse", "HEAD")
    assert "git switch BRANCH" in refusal(sample)
    with pytest.raises(RepositoryError, match="detached"):
        sample.plan()


def test_no_commits_yet(tmp_path):
    sample = Sample(tmp_path)
    sample.git("init", "-q", "-b", "main")
    state = sample.open().state()
    assert state.unborn
    assert (state.branch, state.head, state.problem) == ("main", "", "")
    assert "no commits yet" in refusal(sample)
    assert sample.open().head() == ""
    assert sample.open().trailer_values("Nexoide-Patch") == []
    repository = Repository.open(tmp_path)
    assert repository is not None
    with pytest.raises(RepositoryError, match="no commits yet"):
        repository.prepare({"a.py": AFTER}, message="x", trailers=[], parent="", author=None, when=WHEN)
    with pytest.raises(RepositoryError, match="not the full id"):
        repository.require_clean(["a.py"])


def test_an_orphan_branch_has_no_commits(sample):
    sample.git("checkout", "-q", "--orphan", "fresh")
    assert sample.open().state().unborn
    assert "no commits yet" in refusal(sample)


def test_detached_while_a_plan_waits(sample):
    plan = sample.plan()
    sample.git("checkout", "-q", "--detach")
    with pytest.raises(RepositoryError, match="detached"):
        sample.open().publish(plan)
    assert sample.git("rev-parse", "main") == plan.old_commit


def test_a_branch_that_moved_voids_the_plan(sample):
    plan = sample.plan()
    moved = sample.commit("somebody's", other=b"x")
    with pytest.raises(ConflictError, match="moved meanwhile"):
        sample.open().publish(plan)
    assert sample.git("rev-parse", "HEAD") == moved
    assert sample.open().published(plan) == "moved"


def test_a_branch_that_moves_between_check_and_swap_is_still_seen(sample):
    """The comparison is git's own, under its lock: ours before it cannot be raced."""
    from nexoide.vcs import publish

    plan = sample.plan()
    work = sample.open()._work()
    moved = sample.commit("in between", other=b"x")
    with pytest.raises(ConflictError):
        publish.move(work, plan, new=plan.new_commit, old=plan.old_commit, reason="test")
    assert sample.git("rev-parse", "HEAD") == moved
