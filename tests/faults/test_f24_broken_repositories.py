"""F24: missing objects, a truncated index, empty refs, foreign owners, a vanished folder: one plain sentence, no traceback."""

from __future__ import annotations

import os
import shutil

import pytest

from nexoide.errors import RepositoryError
from tests.support.repositories import make_sample


@pytest.fixture
def sample(tmp_path):
    return make_sample(tmp_path / "shop")


def problem(sample, repository=None):
    """Return the sentence, having checked that it is one wherever it is met."""
    repository = repository or sample.open()
    state = repository.state()
    assert state.problem
    for call in (repository.require_committable, repository.head, repository.ref, lambda: repository.require_clean(["shop/price.py"])):
        with pytest.raises(RepositoryError) as caught:
            call()
        assert caught.value.sentence == state.problem
    assert state.problem.isprintable()
    assert state.problem.endswith((".", ")"))
    return state.problem


def remove_object(sample, oid):
    (sample.root / ".git/objects" / oid[:2] / oid[2:]).unlink()


def test_a_missing_commit(sample):
    remove_object(sample, sample.git("rev-parse", "HEAD"))
    assert "is missing from the repository" in problem(sample)


def test_a_missing_tree_or_blob(sample):
    head = sample.git("rev-parse", "HEAD")
    remove_object(sample, sample.git("rev-parse", "HEAD:shop/price.py"))
    with pytest.raises(RepositoryError, match=r"git cat-file failed"):
        sample.open().blob(head, "shop/price.py")
    with pytest.raises(RepositoryError, match="missing from the repository"), sample.open().worktree(head, sample.root.parent):
        pytest.fail("unreachable")
    remove_object(sample, sample.git("rev-parse", "HEAD:shop"))
    with pytest.raises(RepositoryError):
        sample.plan()
    assert sample.git("rev-parse", "HEAD") == head


def test_a_corrupt_object(sample):
    oid = sample.git("rev-parse", "HEAD:shop/price.py")
    path = sample.root / ".git/objects" / oid[:2] / oid[2:]
    path.chmod(0o644)
    path.write_bytes(b"garbage")
    with pytest.raises(RepositoryError):
        sample.open().blob(sample.git("rev-parse", "HEAD"), "shop/price.py")


@pytest.mark.parametrize("content", [b"", b"garbage\n", b"1" * 40 + b"\n", b"\0" * 41])
def test_a_damaged_branch(sample, content):
    (sample.root / ".git/refs/heads/main").write_bytes(content)
    assert "HEAD" in problem(sample)
    assert not sample.open().state().unborn


@pytest.mark.parametrize("content", [b"", b"garbage\n", b"ref: ../../x\n"])
def test_a_damaged_head(sample, content):
    (sample.root / ".git/HEAD").write_bytes(content)
    assert "damaged" in problem(sample)


def test_a_truncated_index(sample):
    index = sample.root / ".git/index"
    index.write_bytes(index.read_bytes()[:40])
    sample.open().require_committable()
    with pytest.raises(RepositoryError, match=r"index cannot be read .* run 'git reset'"):
        sample.open().require_clean(["shop/price.py"])


def test_a_truncated_index_found_after_the_commit_is_left_as_it_is(sample):
    repository = sample.open()
    plan = sample.plan()
    repository.publish(plan)
    index = sample.root / ".git/index"
    index.write_bytes(b"DIRC")
    with pytest.raises(RepositoryError, match="index cannot be read"):
        repository.sync_index(plan)
    assert index.read_bytes() == b"DIRC"
    assert not (sample.root / ".git/index.lock").exists()
    assert repository.published(plan) == "yes"


def test_a_damaged_config(sample):
    (sample.root / ".git/config").write_text("[core\n")
    assert "config" in problem(sample)


def test_an_empty_or_emptied_git_folder(sample):
    repository = sample.open()
    repository.require_committable()
    shutil.rmtree(sample.root / ".git")
    (sample.root / ".git").mkdir()
    assert "damaged" in problem(sample, repository)


def test_a_git_file_that_points_nowhere(sample):
    shutil.rmtree(sample.root / ".git")
    (sample.root / ".git").write_text("gitdir: /nonexistent\n")
    assert problem(sample)


def test_a_broken_repository_inside_a_healthy_one_is_not_mistaken_for_it(sample):
    inner = sample.root / "inner"
    (inner / ".git").mkdir(parents=True)
    from nexoide.vcs.repository import Repository

    repository = Repository.open(inner)
    assert repository is not None
    assert "damaged" in repository.state().problem


def test_a_worktree_setting_that_points_elsewhere(sample, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    sample.git("config", "core.worktree", str(tmp_path / "elsewhere"))
    assert problem(sample)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder to another user")
def test_dubious_ownership(sample, tmp_path, monkeypatch):
    repository = sample.open()
    repository.require_committable()
    for path in (sample.root, sample.root / ".git"):
        os.chown(path, 12345, 12345)
    sentence = problem(sample, repository)
    assert "belongs to another user" in sentence
    assert "safe.directory" in sentence
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(f"[safe]\n\tdirectory = {sample.root}\n")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    repository.require_committable()


@pytest.mark.skipif(os.getuid() == 0, reason="root reads everything")
def test_an_unreadable_git_folder(sample):
    folder = sample.root / ".git"
    folder.chmod(0o000)
    try:
        assert problem(sample)
    finally:
        folder.chmod(0o755)


def test_a_vanished_folder(sample):
    repository = sample.open()
    repository.require_committable()
    shutil.rmtree(sample.root)
    assert "no longer there" in problem(sample, repository)


def test_a_repository_that_comes_back_is_well_again(sample, tmp_path):
    repository = sample.open()
    sample.root.rename(tmp_path / "away")
    assert repository.state().problem
    (tmp_path / "away").rename(sample.root)
    repository.require_committable()
