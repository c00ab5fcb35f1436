"""F28: reverting after later patches or the operator's own commits: an inverse commit on top, or a refusal; never a reset."""

from __future__ import annotations

import pytest

from nexoide.errors import ConflictError
from tests.support.repositories import AFTER, BEFORE, make_sample


@pytest.fixture
def sample(tmp_path):
    return make_sample(tmp_path / "shop")


def revert(sample, plan):
    return sample.deploy(sample.open().inverse(plan, sample.git("rev-parse", "HEAD")))


def test_later_changes_elsewhere_in_the_file_are_kept(sample):
    plan = sample.deploy()
    later = AFTER.replace(b"order.title", b"order.title.strip()")
    sample.commit("mine", **{"shop/price.py": later})
    back = revert(sample, plan)
    assert (sample.root / "shop/price.py").read_bytes() == BEFORE.replace(b"order.title", b"order.title.strip()")
    assert sample.git("rev-list", "--count", "HEAD") == "4"
    assert sample.open().is_ancestor(plan.new_commit, back.new_commit)
    assert sample.git("status", "--porcelain") == ""


def test_later_patches_are_kept_whatever_the_order_of_reverts(sample):
    first = sample.deploy()
    second = sample.deploy({"shop/price.py": AFTER.replace(b"order.title", b"order.name"), "shop/notes.txt": b"two\n"})
    revert(sample, first)
    assert (sample.root / "shop/notes.txt").read_bytes() == b"two\n"
    revert(sample, second)
    assert (sample.root / "shop/price.py").read_bytes() == BEFORE
    assert (sample.root / "shop/notes.txt").read_bytes() == b"one\n"
    assert sample.git("rev-list", "--count", "HEAD") == "5"


def test_overlapping_changes_are_refused_and_everything_stays(sample):
    plan = sample.deploy()
    mine = AFTER.replace(b"total or 0", b"total or 1")
    head = sample.commit("mine", **{"shop/price.py": mine})
    with pytest.raises(ConflictError, match=r"shop/price\.py was changed since in the same lines"):
        revert(sample, plan)
    assert sample.git("rev-parse", "HEAD") == head
    assert (sample.root / "shop/price.py").read_bytes() == mine


def test_windows_line_ends_survive_the_merge(sample):
    old = BEFORE.replace(b"\n", b"\r\n")
    sample.commit("crlf", **{"shop/price.py": old})
    plan = sample.deploy({"shop/price.py": AFTER.replace(b"\n", b"\r\n")})
    sample.commit("mine", **{"shop/price.py": AFTER.replace(b"\n", b"\r\n") + b"# end"})
    revert(sample, plan)
    assert (sample.root / "shop/price.py").read_bytes() == old + b"# end"


def test_a_revert_can_itself_be_reverted(sample):
    plan = sample.deploy()
    back = revert(sample, plan)
    revert(sample, back)
    assert (sample.root / "shop/price.py").read_bytes() == AFTER


def test_a_merge_in_between_does_not_hide_the_patch(sample):
    plan = sample.deploy()
    sample.git("switch", "-q", "-c", "side", plan.old_commit)
    sample.commit("side", side=b"x")
    sample.git("switch", "-q", "main")
    sample.git("merge", "-q", "--no-edit", "side")
    assert sample.open().published(plan) == "yes"
    revert(sample, plan)
    assert (sample.root / "shop/price.py").read_bytes() == BEFORE
    assert (sample.root / "side").exists()
