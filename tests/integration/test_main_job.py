"""The main job on a small program of its own: fail, propose, approve, live, resolved, revert."""

from __future__ import annotations

from pathlib import Path

import pytest

from nexoide.errors import ConflictError
from tests.support.project import git, read_state
from tests.support.supervised import Supervised, wait_for


def test_a_failing_program_is_healed_live_and_reverted(bank: Supervised) -> None:
    bank.start()
    patch = bank.patch("waiting")
    state_file = bank.root.parent / "state.txt"
    pid, turns, entries = read_state(state_file)
    assert entries == 0
    assert [change.path for change in patch.files] == ["bank.py", "test_regression_deposit_attributeerror.py"]
    assert [change.base_sha256 == "" for change in patch.files] == [False, True]
    assert {item.kind for item in patch.evidence} >= {"inspection", "replay", "rehearsal", "regression", "tests"}
    assert {item.outcome for item in patch.evidence if item.kind in ("replay", "regression", "tests")} == {"passed"}
    assert patch.confidence is not None
    assert 0.5 < patch.confidence < 1

    assert bank.decide(patch, "approve") == "live"

    wait_for(lambda: read_state(state_file)[2] > 0, "money arrives")
    assert bank.incident("resolved")
    after = read_state(state_file)
    assert after[0] == pid
    assert after[1] >= turns
    message = git(bank.root, "log", "-1", "--format=%B")
    assert f"Nexoide-Patch: {patch.id} sha256:{patch.digest}" in message
    assert "Nexoide-Approved-By: ada" in message
    assert git(bank.root, "status", "--porcelain") == ""
    assert git(bank.root, "diff", "HEAD~1", "--stat").count("|") == 2

    assert bank.decide(patch, "revert") == "reverted"
    assert "This reverts commit" in git(bank.root, "log", "-1", "--format=%B")
    assert "record_entries" in (bank.root / "bank.py").read_text()
    stuck = read_state(state_file)[2]
    again = wait_for(lambda: read_state(state_file)[1] > after[1] + 5 and read_state(state_file), "it goes on")
    assert again[0] == pid
    assert again[2] <= stuck + 1
    assert git(bank.root, "fsck", "--strict") == ""
    assert bank.control.audit().ok


def test_an_approval_of_other_bytes_and_a_second_one_are_refused(bank: Supervised) -> None:
    bank.start()
    patch = bank.patch("waiting")
    with pytest.raises(ConflictError, match="hashes differ"):
        bank.decide(patch, "approve", digest="0" * 64)
    assert bank.decide(patch, "approve", operator="ada") == "live"
    with pytest.raises(ConflictError, match=r"already approved.*ada"):
        bank.decide(patch, "approve", operator="bob")


def test_a_restarted_supervisor_knows_what_was(bank: Supervised) -> None:
    bank.start()
    patch = bank.patch("waiting")
    pid = read_state(bank.root.parent / "state.txt")[0]
    bank.kill()
    bank.start()
    again = next(p for p in bank.control.status().patches if p.id == patch.id)
    assert again.digest == patch.digest
    wait_for(lambda: bank.control.status().targets[0].state == "attached", "the probe came back")
    assert read_state(bank.root.parent / "state.txt")[0] == pid
    assert bank.decide(again, "approve") == "live"


def test_uncommitted_edits_elsewhere_are_neither_committed_nor_lost(bank: Supervised) -> None:
    bank.start()
    patch = bank.patch("waiting")
    (bank.root / "ledger.py").write_text((bank.root / "ledger.py").read_text() + "# mine\n")
    (bank.root / "notes.txt").write_text("draft\n")
    git(bank.root, "add", "notes.txt")
    before = git(bank.root, "status", "--porcelain")
    assert bank.decide(patch, "approve") == "live"
    assert git(bank.root, "status", "--porcelain") == before
    assert git(bank.root, "show", "--stat", "--format=", "HEAD").count("|") == 2


def test_a_file_that_changed_since_is_not_overwritten(bank: Supervised) -> None:
    bank.start()
    patch = bank.patch("waiting")
    path = Path(bank.root / "bank.py")
    path.write_text(path.read_text() + "# edited by hand\n")
    head = git(bank.root, "rev-parse", "HEAD")
    with pytest.raises(ConflictError, match=r"bank\.py changed since"):
        bank.decide(patch, "approve")
    assert git(bank.root, "rev-parse", "HEAD") == head
    assert path.read_text().endswith("# edited by hand\n")
