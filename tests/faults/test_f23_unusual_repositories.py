"""F23: submodules, nested and bare repositories, shallow clones, linked worktrees, sparse checkouts, filters, line ends, case."""

from __future__ import annotations

import subprocess

import pytest

from nexoide.errors import RepositoryError
from nexoide.vcs.repository import Repository
from tests.support.project import GIT_ENV
from tests.support.repositories import AFTER, BEFORE, Sample, make_sample


@pytest.fixture
def sample(tmp_path):
    return make_sample(tmp_path / "shop")


def git(folder, *arguments):
    subprocess.run(["git", "-c", "protocol.file.allow=always", *arguments], cwd=folder, env=GIT_ENV, check=True, capture_output=True)


def refused(sample, path):
    with pytest.raises(RepositoryError) as caught:
        sample.open().require_clean([path])
    return caught.value.sentence


def test_a_bare_repository(sample, tmp_path):
    git(tmp_path, "clone", "-q", "--bare", str(sample.root), "bare.git")
    repository = Repository.open(tmp_path / "bare.git")
    assert repository is not None
    assert repository.state().bare
    with pytest.raises(RepositoryError, match=r"is bare.*work tree"):
        repository.require_committable()


def test_a_shallow_clone_is_fine(sample, tmp_path):
    sample.commit("second", other=b"x")
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{sample.root}", "shallow")
    shallow = Sample(tmp_path / "shallow")
    assert shallow.open().state().shallow
    plan = shallow.deploy()
    assert shallow.git("status", "--porcelain") == ""
    assert shallow.open().published(plan) == "yes"


@pytest.mark.parametrize("bare", [False, True])
def test_a_linked_worktree_is_fine(sample, tmp_path, bare):
    main = sample.root
    if bare:
        git(tmp_path, "clone", "-q", "--bare", str(sample.root), "main.git")
        main = tmp_path / "main.git"
    git(main, "worktree", "add", "-q", "-b", "topic", str(tmp_path / "linked"))
    linked = Sample(tmp_path / "linked")
    plan = linked.deploy()
    assert plan.ref == "refs/heads/topic"
    assert linked.git("status", "--porcelain") == ""
    assert sample.git("status", "--porcelain") == ""
    with linked.open().worktree(plan.new_commit, tmp_path) as folder:
        assert (folder / "shop/price.py").read_bytes() == AFTER
    assert len(linked.git("worktree", "list").split("\n")) == 2


def test_an_operation_in_the_main_worktree_does_not_stop_a_linked_one(sample, tmp_path):
    git(sample.root, "worktree", "add", "-q", "-b", "topic", str(tmp_path / "linked"))
    sample.git("bisect", "start")
    Sample(tmp_path / "linked").open().require_committable()
    with pytest.raises(RepositoryError, match="bisect"):
        sample.open().require_committable()


def test_a_submodule_is_refused(sample, tmp_path):
    other = make_sample(tmp_path / "library")
    git(sample.root, "submodule", "add", "-q", str(other.root), "library")
    sample.commit("submodule")
    assert "lies in the submodule library" in refused(sample, "library/shop/price.py")
    assert "is a submodule" in refused(sample, "library")
    with pytest.raises(RepositoryError, match="no folder in git"):
        sample.plan({"library/shop/price.py": AFTER})
    inner = Repository.open(sample.root / "library")
    assert inner is not None
    assert inner.state().head == other.git("rev-parse", "HEAD")


def test_a_nested_repository_is_refused(sample):
    make_sample(sample.root / "nested")
    assert "lies in another repository (nested)" in refused(sample, "nested/shop/price.py")


def test_a_sparse_checkout_commits_what_is_there_and_refuses_what_is_not(sample):
    sample.commit("more", **{"docs/a.py": b"a = 1\n"})
    sample.git("sparse-checkout", "set", "--cone", "--sparse-index", "shop")
    assert not (sample.root / "docs").exists()
    sample.deploy()
    assert sample.git("status", "--porcelain") == ""
    assert sample.git("ls-tree", "-r", "--name-only", "HEAD").split("\n") == ["README", "docs/a.py", "shop/notes.txt", "shop/price.py"]
    assert "docs/a.py is missing from the work tree" in refused(sample, "docs/a.py")


def test_a_filter_is_named_and_not_run(sample, tmp_path):
    sample.write(".gitattributes", b"*.bin.py filter=lfs\n")
    sample.commit("pointer", **{"big.bin.py": b"version https://git-lfs.github.com/spec/v1\n"})
    sample.open().require_clean(["big.bin.py"])
    sample.git("config", "filter.lfs.clean", f"touch {tmp_path}/ran; cat")
    sample.write("big.bin.py", b"the real bytes\n")
    assert "stored through the git filter lfs" in refused(sample, "big.bin.py")
    assert not (tmp_path / "ran").exists()


def test_line_ends_converted_at_checkout_are_named(sample):
    sample.git("config", "core.autocrlf", "true")
    (sample.root / "shop/price.py").unlink()
    sample.git("checkout", "-q", "--", "shop/price.py")
    assert (sample.root / "shop/price.py").read_bytes() == BEFORE.replace(b"\n", b"\r\n")
    assert sample.git("status", "--porcelain") == ""
    assert "other line endings on disk" in refused(sample, "shop/price.py")


@pytest.mark.parametrize("attributes", [b"", b"*.py text eol=crlf\n", b"*.py -text\n"])
def test_windows_line_ends_in_git_are_kept_byte_for_byte(sample, attributes):
    old = BEFORE.replace(b"\n", b"\r\n")
    sample.write(".gitattributes", b"*.py -text\n")
    sample.commit("crlf", **{"shop/price.py": old})
    sample.write(".gitattributes", attributes)
    sample.git("commit", "-q", "--allow-empty", "-m", "attributes", ".gitattributes")
    new = AFTER.replace(b"\n", b"\r\n") + b"lf = 1\nno_end = 1"
    plan = sample.deploy({"shop/price.py": new})
    assert sample.open().blob(plan.new_commit, "shop/price.py") == new
    assert sample.open().inverse(plan, plan.new_commit) == {"shop/price.py": old}


def test_an_expanded_ident_is_named(sample):
    sample.write(".gitattributes", b"*.py ident\n")
    sample.commit("ident", **{"v.py": b"# $Id$\n"})
    (sample.root / "v.py").unlink()
    sample.git("checkout", "-q", "--", "v.py")
    assert b"$Id: " in (sample.root / "v.py").read_bytes()
    assert "converted at check-out" in refused(sample, "v.py")


def test_names_that_differ_in_case_alone(sample):
    sample.commit("both", **{"shop/Price.py": b"x = 1\n"})
    sample.deploy()
    with pytest.raises(RepositoryError, match="case alone"):
        sample.plan({"SHOP/notes.txt": b"x"})
    assert sample.open().blob(sample.git("rev-parse", "HEAD"), "shop/Price.py") == b"x = 1\n"
