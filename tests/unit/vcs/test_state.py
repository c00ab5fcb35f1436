from __future__ import annotations

import pytest

from nexoide.errors import RepositoryError
from nexoide.vcs.repository import Repository
from tests.support.repositories import make_sample


@pytest.fixture
def sample(tmp_path):
    return make_sample(tmp_path / "shop")


def test_a_healthy_repository(sample):
    state = sample.open().require_committable()
    assert (state.branch, state.ref, state.head) == ("main", "refs/heads/main", sample.git("rev-parse", "HEAD"))
    assert not any((state.detached, state.unborn, state.bare, state.shallow, state.operation, state.problem))


def test_a_plain_folder_has_no_repository(tmp_path):
    assert Repository.open(tmp_path) is None


def test_head_and_ref_follow_the_branch(sample):
    repository = sample.open()
    sample.git("switch", "-q", "-c", "topic/one")
    assert repository.ref() == "refs/heads/topic/one"
    assert repository.state().branch == "topic/one"
    head = sample.commit("more", extra=b"x")
    assert repository.head() == head


def test_a_packed_branch_is_read(sample):
    sample.git("pack-refs", "--all")
    assert sample.open().require_committable().head == sample.git("rev-parse", "HEAD")


def test_settings_are_read_again_when_they_change(sample):
    repository = sample.open()
    repository.require_committable()
    sample.git("config", "core.bare", "true")
    with pytest.raises(RepositoryError, match="bare"):
        repository.require_committable()


def test_a_repository_of_sha256_objects(tmp_path):
    sample = make_sample_sha256(tmp_path / "shop")
    sample.deploy()
    assert len(sample.open().head()) == 64
    assert sample.git("status", "--porcelain") == ""


def make_sample_sha256(root):
    from tests.support.repositories import BEFORE, Sample

    root.mkdir()
    sample = Sample(root)
    sample.git("init", "-q", "-b", "main", "--object-format=sha256")
    sample.write("shop/price.py", BEFORE)
    sample.commit("first")
    return sample
