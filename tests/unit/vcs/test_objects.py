from __future__ import annotations

import pytest

from nexoide.errors import RepositoryError
from nexoide.vcs import objects
from tests.support.repositories import BEFORE, make_sample


@pytest.fixture
def sample(tmp_path):
    return make_sample(tmp_path / "shop")


def test_blobs_are_bytes_or_nothing(sample):
    (sample.root / "link").symlink_to("README")
    head = sample.commit("link")
    repository = sample.open()
    assert repository.blob(head, "shop/price.py") == BEFORE
    for path in ("shop", "link", "absent.py", "shop/absent.py", "README/x"):
        assert repository.blob(head, path) is None


def test_files_are_listed_without_links(sample):
    (sample.root / "link").symlink_to("README")
    head = sample.commit("link")
    assert sample.open().list_files(head) == ["README", "shop/notes.txt", "shop/price.py"]


def test_ancestry(sample):
    repository = sample.open()
    first = repository.head()
    second = sample.commit("second")
    assert repository.is_ancestor(first, second)
    assert repository.is_ancestor(first, first)
    assert not repository.is_ancestor(second, first)


@pytest.mark.parametrize("name", ["HEAD", "--all", "", "abc", "0" * 39, "Z" * 40])
def test_only_full_ids_name_commits(sample, name):
    with pytest.raises(RepositoryError, match="not the full id"):
        sample.open().blob(name, "README")


def test_a_missing_commit_is_refused(sample):
    with pytest.raises(RepositoryError):
        sample.open().blob("1" * 40, "README")
    with pytest.raises(RepositoryError):
        sample.open().is_ancestor("1" * 40, sample.git("rev-parse", "HEAD"))


def test_a_huge_blob_is_refused(sample, monkeypatch):
    monkeypatch.setattr(objects, "MAX_BLOB", 10)
    with pytest.raises(RepositoryError, match="at most"):
        sample.open().blob(sample.git("rev-parse", "HEAD"), "shop/price.py")


def test_ids_are_those_of_git(sample):
    for data in (b"", b"x\r\n", bytes(range(256))):
        assert objects.blob_oid(data, "0" * 40) == sample.git("hash-object", "--stdin", stdin=data)


def test_replaced_objects_are_seen_as_they_were_committed(sample):
    old = sample.git("rev-parse", "HEAD:shop/price.py")
    fake = sample.git("hash-object", "-w", "--stdin", stdin=b"fake\n")
    sample.git("replace", old, fake)
    assert sample.open().blob(sample.git("rev-parse", "HEAD"), "shop/price.py") == BEFORE
