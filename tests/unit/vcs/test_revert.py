from __future__ import annotations

import pytest

from nexoide.errors import ConflictError, RepositoryError
from tests.support.repositories import AFTER, BEFORE, make_sample


@pytest.fixture
def sample(tmp_path):
    return make_sample(tmp_path / "shop")


def test_an_untouched_file_gets_its_bytes_back(sample):
    plan = sample.deploy()
    assert sample.open().inverse(plan, plan.new_commit) == {"shop/price.py": BEFORE}


def test_a_file_that_already_lost_the_patch_is_nothing_to_revert(sample):
    plan = sample.deploy()
    head = sample.commit("undone by hand", **{"shop/price.py": BEFORE})
    with pytest.raises(ConflictError, match="already undone"):
        sample.open().inverse(plan, head)


def test_a_deleted_file_is_a_conflict(sample):
    plan = sample.deploy()
    sample.git("rm", "-q", "shop/price.py")
    sample.git("commit", "-q", "-m", "gone")
    with pytest.raises(ConflictError, match="was deleted since"):
        sample.open().inverse(plan, sample.git("rev-parse", "HEAD"))


def test_a_created_file_is_gone_again_unless_somebody_changed_it(sample):
    plan = sample.deploy({"shop/new.py": b"x = 1\n", "shop/other.py": b"y = 1\n"})
    sample.git("checkout", "-q", "-f", "HEAD")
    head = sample.commit("more", **{"shop/other.py": b"y = 2\n"})
    assert sample.open().inverse(plan, head) == {"shop/new.py": None}


def test_binary_content_that_changed_since_is_refused(sample):
    plan = sample.deploy({"shop/notes.txt": b"\0\1\2"})
    head = sample.commit("binary", **{"shop/notes.txt": b"\0\1\3"})
    with pytest.raises(RepositoryError, match="cannot be merged"):
        sample.open().inverse(plan, head)


def test_several_files_are_undone_together(sample):
    plan = sample.deploy({"shop/price.py": AFTER, "shop/notes.txt": b"two\n"})
    assert sample.open().inverse(plan, plan.new_commit) == {"shop/notes.txt": b"one\n", "shop/price.py": BEFORE}
