"""What is not an ordinary repository: a plain folder, a shallow clone, a detached head, a rebase, no commits yet."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nexoide.errors import ConflictError, RepositoryError
from tests.support.project import git, make_project, read_state
from tests.support.supervised import Supervised, supervised, wait_for


@pytest.fixture
def plain(tmp_path: Path, runtime: Path) -> Iterator[Supervised]:
    make_project(tmp_path / "bank", sys.executable, with_git=False)
    with supervised(tmp_path / "bank", runtime) as session:
        yield session


def test_in_a_plain_folder_a_patch_is_written_and_taken_back(plain: Supervised) -> None:
    plain.start()
    patch = plain.patch("waiting")
    before = (plain.root / "bank.py").read_bytes()
    assert plain.decide(patch, "approve") == "live"
    wait_for(lambda: read_state(plain.root.parent / "state.txt")[2] > 0, "money arrives")
    assert "record_entry(" in (plain.root / "bank.py").read_text()
    assert plain.decide(patch, "revert") == "reverted"
    assert (plain.root / "bank.py").read_bytes() == before


def test_a_detached_head_refuses_and_a_branch_allows(bank: Supervised) -> None:
    git(bank.root, "checkout", "-q", "--detach")
    bank.start()
    patch = bank.patch("waiting")
    with pytest.raises(RepositoryError, match="detached"):
        bank.decide(patch, "approve")
    assert "record_entries" in (bank.root / "bank.py").read_text()
    git(bank.root, "checkout", "-q", "main")
    with pytest.raises(ConflictError, match="the branch is main now"):
        bank.decide(patch, "approve")
    again = bank.patch("waiting")
    assert again.branch == "refs/heads/main"
    assert bank.decide(again, "approve") == "live"


def test_a_repository_without_commits_refuses(plain: Supervised) -> None:
    git(plain.root, "init", "-q", "-b", "main")
    plain.start()
    patch = plain.patch("waiting")
    with pytest.raises(RepositoryError, match="commit"):
        plain.decide(patch, "approve")
    assert "record_entries" in (plain.root / "bank.py").read_text()


def test_a_shallow_clone_is_as_good_as_any(bank: Supervised) -> None:
    git(bank.root, "commit", "-q", "--allow-empty", "-m", "more")
    origin = bank.root.rename(bank.root.parent / "origin")
    git(bank.root.parent, "clone", "-q", "--depth", "1", f"file://{origin}", str(bank.root))
    bank.start()
    assert bank.decide(bank.patch("waiting"), "approve") == "live"


def test_a_commit_by_somebody_else_voids_what_was_shown_and_a_new_proposal_follows(bank: Supervised) -> None:
    bank.start()
    patch = bank.patch("waiting")
    (bank.root / "ledger.py").write_text((bank.root / "ledger.py").read_text() + "\n# reviewed\n")
    git(bank.root, "commit", "-qam", "By hand")
    with pytest.raises(ConflictError, match="moved"):
        bank.decide(patch, "approve")
    again = bank.patch("waiting")
    assert again.id != patch.id
    assert again.base_commit == git(bank.root, "rev-parse", "HEAD")
    assert bank.decide(again, "approve") == "live"
