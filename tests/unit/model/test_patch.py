"""The one hash: whatever is exchanged between what was shown and what is applied changes it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nexoide.model.patch import Evidence, FileChange, Patch, patch_digest

PATCH = Patch(
    id="P-1",
    incident="I-1",
    target="app",
    title="Call record_entry",
    rationale="It was renamed.",
    rule="attribute-missing",
    author="medic",
    base_commit="a" * 40,
    files=(FileChange(path="bank.py", base_sha256="b" * 64, new_sha256="c" * 64),),
    proposed_at=1.0,
    evidence=(Evidence(kind="tests", outcome="passed", summary="2 tests pass"),),
)


@pytest.mark.parametrize(
    "changes",
    [
        {"base_commit": "f" * 40},
        {"id": "P-2"},
        {"branch": "refs/heads/other"},
        {"files": (FileChange(path="bank.py", base_sha256="b" * 64, new_sha256="d" * 64),)},
        {"files": (FileChange(path="bank.py", base_sha256="d" * 64, new_sha256="c" * 64),)},
        {"files": (FileChange(path="bang.py", base_sha256="b" * 64, new_sha256="c" * 64),)},
        {"evidence": ()},
        {"evidence": (Evidence(kind="tests", outcome="failed", summary="2 tests pass"),)},
    ],
)
def test_every_part_counts(changes: dict[str, object]) -> None:
    assert patch_digest("/w", replace(PATCH, **changes)) != patch_digest("/w", PATCH)  # type: ignore[arg-type]


def test_the_workspace_counts() -> None:
    assert patch_digest("/w", PATCH) != patch_digest("/v", PATCH)


def test_what_happens_to_a_patch_later_does_not_count() -> None:
    later = replace(PATCH, state="live", decided_by="ada", confidence=0.9, digest="x")
    assert patch_digest("/w", later) == patch_digest("/w", PATCH)
