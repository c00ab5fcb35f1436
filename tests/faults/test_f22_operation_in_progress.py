"""F22: merge, rebase, cherry-pick, revert, bisect, am in progress: refused, with the operation's name, made by git itself."""

from __future__ import annotations

import pytest

from nexoide.errors import RepositoryError
from tests.support.repositories import BEFORE, make_sample

ONE = BEFORE.replace(b"total", b"one")
TWO = BEFORE.replace(b"total", b"two")


@pytest.fixture
def sample(tmp_path):
    sample = make_sample(tmp_path / "shop")
    sample.git("switch", "-q", "-c", "side")
    sample.commit("one", **{"shop/price.py": ONE})
    sample.commit("one more", extra=b"x")
    sample.git("switch", "-q", "main")
    sample.commit("two", **{"shop/price.py": TWO})
    return sample


def begin_am(sample):
    mail = sample.git("format-patch", "--stdout", "main..side")
    sample.git("am", "-q", stdin=mail.encode() + b"\n", check=False)


BEGIN = {
    "merge": lambda s: s.git("merge", "-q", "side", check=False),
    "rebase": lambda s: s.git("rebase", "-q", "side", check=False),
    "rebase with apply": lambda s: s.git("rebase", "-q", "--apply", "side", check=False),
    "cherry-pick": lambda s: s.git("cherry-pick", "side~1", check=False),
    "cherry-pick of many": lambda s: s.git("cherry-pick", "side~1", "side", check=False),
    "revert": lambda s: (s.commit("three", **{"shop/price.py": ONE}), s.git("revert", "--no-edit", "HEAD~1", check=False)),
    "bisect": lambda s: s.git("bisect", "start"),
    "am": begin_am,
}


@pytest.mark.parametrize("name", BEGIN)
def test_the_operation_is_named_and_nothing_is_committed(sample, name):
    plan = sample.plan({"shop/notes.txt": b"two\n"})
    BEGIN[name](sample)
    operation = name.split(" ")[0]
    repository = sample.open()
    assert repository.state().operation == operation
    with pytest.raises(RepositoryError, match=f"A {operation} is in progress.*then try again"):
        repository.require_committable()
    before = (sample.git("rev-parse", "main"), sample.git("status", "--porcelain"))
    with pytest.raises(RepositoryError, match=operation):
        repository.publish(plan)
    with pytest.raises(RepositoryError, match=operation):
        sample.plan({"shop/notes.txt": b"three\n"}, repository)
    assert (sample.git("rev-parse", "main"), sample.git("status", "--porcelain")) == before


@pytest.mark.parametrize("name", ["merge", "rebase", "cherry-pick", "am", "revert"])
def test_after_it_is_aborted_all_is_well(sample, name):
    BEGIN[name](sample)
    sample.git(name, "--abort")
    sample.open().require_committable()


def test_a_cherry_pick_whose_first_step_was_resolved_is_still_one(sample):
    BEGIN["cherry-pick of many"](sample)
    sample.write("shop/price.py", ONE)
    sample.git("commit", "-q", "-a", "-m", "resolved")
    assert not (sample.root / ".git/CHERRY_PICK_HEAD").exists()
    assert sample.open().state().operation == "cherry-pick"
