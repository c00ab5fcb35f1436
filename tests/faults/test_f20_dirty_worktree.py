"""F20: uncommitted edits. Where they touch the patch it is refused with the list; elsewhere they survive byte for byte."""

from __future__ import annotations

import pytest

from nexoide.errors import RepositoryError
from tests.support.repositories import AFTER, BEFORE, make_sample


@pytest.fixture
def sample(tmp_path):
    sample = make_sample(tmp_path / "shop")
    sample.commit("more", **{"a.txt": b"a\n", "b.txt": b"b\n", "c.txt": b"c\n", "d.txt": b"d\n", "run.sh": b"#!/bin/sh\n", ".gitignore": b"*.log\n"})
    return sample


def make_dirty(sample):
    sample.write("a.txt", b"staged\n")
    sample.git("add", "a.txt")
    sample.write("a.txt", b"staged, then edited\r\n")
    sample.write("b.txt", b"edited\n")
    (sample.root / "c.txt").unlink()
    sample.git("rm", "-q", "--cached", "d.txt")
    sample.git("mv", "README", "README.md")
    (sample.root / "run.sh").chmod(0o755)
    sample.write("new staged.py", b"n = 1\n")
    sample.git("add", "new staged.py")
    sample.write("untracked.py", b"u = 1\n")
    sample.write("ignored.log", b"log\n")
    sample.write("intent.py", b"i = 1\n")
    sample.git("add", "-N", "intent.py")


def picture(sample):
    files = {path.relative_to(sample.root).as_posix(): path.read_bytes() for path in sample.root.rglob("*") if path.is_file() and ".git" not in path.parts}
    files.pop("shop/price.py")
    staged = [row for row in sample.git("ls-files", "-s", "-v").split("\n") if not row.endswith("shop/price.py")]
    return files, staged, sample.git("status", "--porcelain"), sample.git("diff", "--cached"), sample.git("stash", "list")


def test_edits_elsewhere_survive_a_deployment_and_its_revert(sample):
    make_dirty(sample)
    before = picture(sample)
    plan = sample.deploy()
    assert picture(sample) == before
    assert sample.git("diff", "--name-only", plan.old_commit, plan.new_commit) == "shop/price.py"
    back = sample.deploy(sample.open().inverse(plan, plan.new_commit))
    assert picture(sample) == before
    assert sample.git("diff", plan.old_commit, back.new_commit) == ""
    assert (sample.root / "shop/price.py").read_bytes() == BEFORE


def test_a_worktree_does_not_touch_the_operators_tree(sample, tmp_path):
    make_dirty(sample)
    before = picture(sample)
    with sample.open().worktree(sample.git("rev-parse", "HEAD"), tmp_path) as folder:
        (folder / "a.txt").write_bytes(b"scratch\n")
    assert picture(sample) == before


@pytest.mark.parametrize("stage", ["edited", "staged", "staged and put back", "untracked in the index"])
def test_an_overlap_is_refused_and_nothing_is_lost(sample, stage):
    mine = BEFORE + b"# mine\n"
    sample.write("shop/price.py", mine)
    if stage.startswith("staged"):
        sample.git("add", "shop/price.py")
    if stage == "staged and put back":
        sample.write("shop/price.py", BEFORE)
    if stage == "untracked in the index":
        sample.write("shop/price.py", BEFORE)
        sample.git("rm", "-q", "--cached", "shop/price.py")
    disk, index = (sample.root / "shop/price.py").read_bytes(), sample.git("ls-files", "-s")
    with pytest.raises(RepositoryError, match=r"because shop/price\.py "):
        sample.deploy({"shop/price.py": AFTER})
    assert (sample.root / "shop/price.py").read_bytes() == disk
    assert sample.git("ls-files", "-s") == index
    assert sample.git("log", "--oneline").count("\n") == 1
