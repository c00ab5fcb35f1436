from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest

from nexoide.errors import RepositoryError
from nexoide.vcs import worktree as module
from nexoide.vcs.repository import Repository
from tests.support.repositories import BEFORE, make_sample


@pytest.fixture
def sample(tmp_path):
    return make_sample(tmp_path / "shop")


@pytest.fixture
def place(tmp_path):
    folder = tmp_path / "bench"
    folder.mkdir()
    return folder


def mktree(sample, *rows):
    """Make a commit of a tree that porcelain would not make."""
    tree = sample.git("mktree", "-z", "--missing", stdin=b"".join(row + b"\0" for row in rows))
    return sample.git("commit-tree", tree, "-m", "odd")


def blob(sample, data):
    return sample.git("hash-object", "-w", "--stdin", stdin=data).encode()


def test_the_commits_files_are_there_and_gone_afterwards(sample, place):
    sample.write("shop/price.py", b"edited, not committed\n")
    sample.write("run.sh", b"#!/bin/sh\n").chmod(0o755)
    sample.git("add", "run.sh")
    sample.git("commit", "-q", "-m", "script")
    with sample.open().worktree(sample.git("rev-parse", "HEAD"), place) as folder:
        assert (folder / "shop/price.py").read_bytes() == BEFORE
        assert os.access(folder / "run.sh", os.X_OK)
        assert not os.access(folder / "README", os.X_OK)
        assert subprocess.run(["git", "rev-parse", "HEAD"], cwd=folder, capture_output=True, text=True, check=True).stdout.strip() == sample.git(
            "rev-parse", "HEAD"
        )
    assert list(place.iterdir()) == []
    assert sample.git("worktree", "list").count("\n") == 0
    assert not list((sample.root / ".git").glob("worktrees/*"))


def test_many_at_once_do_not_stumble_over_each_other(sample, place):
    repository, head, errors = sample.open(), sample.git("rev-parse", "HEAD"), []

    def use():
        for _ in range(4):
            try:
                with repository.worktree(head, place) as folder:
                    assert (folder / "shop/price.py").read_bytes() == BEFORE
            except RepositoryError as error:
                errors.append(error.sentence)

    threads = [threading.Thread(target=use) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert list(place.iterdir()) == []
    assert sample.git("worktree", "list").count("\n") == 0


def test_a_failing_body_leaves_nothing(sample, place):
    with pytest.raises(ValueError, match="boom"), sample.open().worktree(sample.git("rev-parse", "HEAD"), place):
        raise ValueError("boom")
    assert list(place.iterdir()) == []
    assert sample.git("worktree", "list").count("\n") == 0


def test_what_a_test_run_leaves_behind_is_removed(sample, place):
    outside = place.parent / "outside.txt"
    outside.write_text("stays")
    with sample.open().worktree(sample.git("rev-parse", "HEAD"), place) as folder:
        (folder / ".git").write_text("gitdir: /nonexistent\n")
        closed = folder / "closed" / "deeper"
        closed.mkdir(parents=True)
        (closed / "file").write_text("x")
        closed.chmod(0o000)
        closed.parent.chmod(0o500)
        (folder / "way-out").symlink_to(place.parent)
    assert list(place.iterdir()) == []
    assert outside.read_text() == "stays"
    assert sample.git("worktree", "list").count("\n") == 0


def test_a_subfolder_workspace_yields_its_own_folder(sample, place):
    repository = Repository.open(sample.root / "shop")
    assert repository is not None
    with repository.worktree(sample.git("rev-parse", "HEAD"), place) as folder:
        assert folder.name == "shop"
        assert (folder / "price.py").read_bytes() == BEFORE


def test_links_stay_inside(sample, place):
    (sample.root / "good").symlink_to("shop/price.py")
    (sample.root / "folder").symlink_to("shop")
    (sample.root / "absolute").symlink_to("/etc/passwd")
    (sample.root / "up").symlink_to("../outside")
    (sample.root / "through").symlink_to("folder/../../outside")
    (sample.root / "loop").symlink_to("loop")
    (sample.root / "config").symlink_to(".git")
    head = sample.commit("links")
    said = []
    with sample.open().worktree(head, place, said.append) as folder:
        assert (folder / "good").read_bytes() == BEFORE
        assert (folder / "folder" / "price.py").read_bytes() == BEFORE
        for name in ("absolute", "up", "through", "loop", "config"):
            assert not (folder / name).is_symlink()
    assert sorted(line.split(" ")[0] for line in said) == ["absolute", "config", "loop", "through", "up"]


def test_a_hostile_tree_writes_nothing_outside(sample, place):
    data = blob(sample, b"owned\n")
    link = blob(sample, b"..")
    inner = sample.git("mktree", stdin=b"100644 blob " + data + b"\tescaped.txt\n").encode()
    rows = [
        b"040000 tree " + inner + b"\t..",
        b"040000 tree " + inner + b"\t.GIT",
        b"120000 blob " + link + b"\tescape",
        b"040000 tree " + inner + b"\tescape",
        b"160000 commit " + b"1" * 40 + b"\tsub",
        b"100644 blob " + data + b"\tfine.txt",
    ]
    said = []
    with sample.open().worktree(mktree(sample, *rows), place, said.append) as folder:
        assert (folder / "fine.txt").read_bytes() == b"owned\n"
        assert sorted(path.name for path in folder.iterdir()) == [".git", "escape", "fine.txt"]
        assert not (folder / "escape").is_symlink()
        assert not list(place.glob("escaped.txt"))
    assert len(said) == 4


def test_too_much_is_refused_and_removed(sample, place, monkeypatch):
    monkeypatch.setattr(module, "MAX_BYTES", 20)
    with pytest.raises(RepositoryError, match="larger than"), sample.open().worktree(sample.git("rev-parse", "HEAD"), place):
        pytest.fail("unreachable")
    monkeypatch.setattr(module, "MAX_FILES", 1)
    with pytest.raises(RepositoryError, match="more than 1 files"), sample.open().worktree(sample.git("rev-parse", "HEAD"), place):
        pytest.fail("unreachable")
    assert list(place.iterdir()) == []
    assert sample.git("worktree", "list").count("\n") == 0


def test_a_bad_commit_is_refused(sample, place):
    for name in ("--detach", "HEAD", "1" * 40):
        with pytest.raises(RepositoryError), sample.open().worktree(name, place):
            pytest.fail("unreachable")
    assert list(place.iterdir()) == []


def test_leftovers_of_a_dead_supervisor_are_pruned_and_others_are_not(sample, place):
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom nexoide.vcs.repository import Repository\n"
        "r = Repository.open(Path(sys.argv[1]))\nwith r.worktree(r.head(), Path(sys.argv[2])):\n    os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(sample.root), str(place)], check=True)
    theirs = place / "theirs"
    sample.git("worktree", "add", "-q", "--detach", str(theirs))
    unplugged = place / "unplugged"
    sample.git("worktree", "add", "-q", "--detach", str(unplugged))
    unplugged.rename(place / "elsewhere")
    assert len(list(place.iterdir())) == 3
    repository = sample.open()
    with repository.worktree(sample.git("rev-parse", "HEAD"), place) as alive:
        repository.prune_worktrees()
        assert (alive / "README").exists()
        assert sorted(path.name for path in place.iterdir()) == sorted([alive.name, "elsewhere", "theirs"])
    assert sorted(path.name for path in (sample.root / ".git/worktrees").iterdir()) == ["theirs", "unplugged"]
