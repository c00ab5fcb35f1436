from __future__ import annotations

import pytest

from nexoide.errors import ConflictError
from tests.support.repositories import AFTER, BEFORE, make_sample


@pytest.fixture
def sample(tmp_path):
    return make_sample(tmp_path / "shop")


def test_publishing_moves_branch_and_reflog(sample):
    plan = sample.deploy()
    assert sample.git("rev-parse", "HEAD") == plan.new_commit
    assert sample.git("status", "--porcelain") == ""
    assert "nexoide: publish" in sample.git("reflog", "-1", "HEAD")
    assert sample.open().trailer_values("Nexoide-Patch") == ["P-1"]


def test_published_says_no_yes_and_moved(sample):
    repository = sample.open()
    plan = sample.plan()
    assert repository.published(plan) == "no"
    repository.publish(plan)
    assert repository.published(plan) == "yes"
    sample.git("commit", "-q", "--allow-empty", "-m", "on top")
    assert repository.published(plan) == "yes"
    sample.git("reset", "-q", "--soft", plan.old_commit)
    sample.git("commit", "-q", "--allow-empty", "-m", "elsewhere")
    assert repository.published(plan) == "moved"
    sample.git("switch", "-q", "-c", "side")
    sample.git("branch", "-q", "-D", "main")
    assert repository.published(plan) == "moved"


def test_a_second_publication_is_a_conflict(sample):
    repository = sample.open()
    first, second = sample.plan(), sample.plan({"shop/price.py": BEFORE + b"x = 1\n"})
    repository.publish(first)
    with pytest.raises(ConflictError, match="moved meanwhile"):
        repository.publish(second)
    assert repository.head() == first.new_commit


def test_another_branch_checked_out_is_a_conflict(sample):
    plan = sample.plan()
    sample.git("switch", "-q", "-c", "other")
    with pytest.raises(ConflictError, match="was main when this was prepared and is other now"):
        sample.open().publish(plan)


def test_retracting_puts_branch_and_index_back(sample):
    plan = sample.deploy()
    sample.write("shop/price.py", BEFORE)
    sample.open().retract(plan)
    assert sample.git("rev-parse", "HEAD") == plan.old_commit
    assert sample.git("status", "--porcelain") == ""


def test_retracting_under_a_later_commit_is_a_conflict(sample):
    plan = sample.deploy()
    later = sample.commit("later", other=b"x")
    with pytest.raises(ConflictError):
        sample.open().retract(plan)
    assert sample.git("rev-parse", "HEAD") == later


def test_what_was_staged_since_is_left_to_its_owner(sample):
    repository = sample.open()
    plan = sample.plan()
    repository.publish(plan)
    sample.write("shop/price.py", b"mine = 1\n")
    sample.git("add", "shop/price.py")
    staged = sample.git("rev-parse", ":shop/price.py")
    repository.sync_index(plan)
    assert sample.git("rev-parse", ":shop/price.py") == staged


def test_syncing_twice_changes_nothing_more(sample):
    plan = sample.deploy()
    index = sample.git("ls-files", "-s")
    sample.open().sync_index(plan)
    assert sample.git("ls-files", "-s") == index
    assert [path.name for path in (sample.root / ".git").iterdir() if path.name.startswith("nexoide")] == []


def test_a_split_index_stays_right(sample):
    sample.git("update-index", "--split-index")
    sample.deploy()
    assert sample.git("status", "--porcelain") == ""


def test_a_symbolic_branch_is_followed(sample):
    sample.git("symbolic-ref", "refs/heads/alias", "refs/heads/main")
    sample.git("symbolic-ref", "HEAD", "refs/heads/alias")
    plan = sample.deploy({"shop/price.py": AFTER})
    assert sample.git("rev-parse", "main") == plan.new_commit
