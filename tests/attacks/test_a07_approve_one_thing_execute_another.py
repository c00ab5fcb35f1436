"""A07: what is approved is what was shown, validated, committed and compiled; anything else is refused."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import replace

import pytest

from nexoide.errors import ConflictError, NexoideError
from nexoide.model.patch import patch_digest
from tests.support.project import git
from tests.support.supervised import Supervised, wait_for


def test_the_digest_of_the_api_is_the_one_a_client_computes_from_verified_bytes(bank: Supervised) -> None:
    bank.start()
    patch = bank.patch("waiting")
    change = patch.files[0]
    shown = bank.control.blob(change.new_sha256)
    assert hashlib.sha256(shown).hexdigest() == change.new_sha256
    assert patch_digest(str(bank.workspace.root), patch) == patch.digest
    assert bank.decide(patch, "approve") == "live"
    committed = git(bank.root, "show", "HEAD:bank.py") + "\n"
    assert committed.encode() == shown == (bank.root / "bank.py").read_bytes()


def test_a_digest_computed_for_other_bytes_of_the_same_patch_is_refused(bank: Supervised) -> None:
    bank.start()
    patch = bank.patch("waiting")
    other = replace(patch, files=(replace(patch.files[0], new_sha256="0" * 64),))
    with pytest.raises(ConflictError, match="hashes differ"):
        bank.decide(patch, "approve", digest=patch_digest(str(bank.workspace.root), other))
    assert git(bank.root, "rev-list", "--count", "HEAD") == "1"


def test_bytes_exchanged_in_the_store_are_not_applied(bank: Supervised) -> None:
    bank.start()
    patch = bank.patch("waiting")
    evil = b"import os\nos._exit(9)\n"
    with sqlite3.connect(bank.workspace.journal) as database:
        database.execute("UPDATE blobs SET data = ? WHERE sha256 = ?", (evil, patch.files[0].new_sha256))
    with pytest.raises(NexoideError):
        bank.decide(patch, "approve")
    assert git(bank.root, "rev-list", "--count", "HEAD") == "1"
    assert b"os._exit" not in (bank.root / "bank.py").read_bytes()


def test_an_approval_is_used_once(bank: Supervised) -> None:
    bank.start()
    patch = bank.patch("waiting")
    assert bank.decide(patch, "approve") == "live"
    assert bank.decide(patch, "revert") == "reverted"
    with pytest.raises(ConflictError, match="reverted since"):
        bank.decide(patch, "approve")
    assert git(bank.root, "rev-list", "--count", "HEAD") == "3"


def test_a_file_swapped_for_a_link_is_not_written_through(bank: Supervised) -> None:
    bank.start()
    patch = bank.patch("waiting")
    outside = bank.root.parent / "outside.py"
    outside.write_bytes((bank.root / "bank.py").read_bytes())
    (bank.root / "bank.py").unlink()
    (bank.root / "bank.py").symlink_to(outside)
    before = outside.read_bytes()
    with pytest.raises(NexoideError):
        bank.decide(patch, "approve")
    assert outside.read_bytes() == before
    assert git(bank.root, "rev-list", "--count", "HEAD") == "1"
    wait_for(lambda: bank.control.status().patches, "the supervisor goes on")
