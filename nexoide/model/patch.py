"""A patch: files with the hashes they were made against, evidence, confidence, and the one hash that is approved."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Literal

PatchState = Literal[
    "proposed",  # made, not validated yet
    "waiting",  # validated; a human decides
    "invalid",  # validation failed; kept to be read, never applied
    "stale",  # the base moved; never applied
    "rejected",
    "approved",  # decided; the deployment is under way
    "live",  # committed (or written) and observed in the running program
    "not_live",  # committed (or written), but the running program does not have it
    "failed",  # approved, and the deployment was undone
    "reverted",
]
Stage = Literal["raised", "grouped", "proposed", "inspected", "rehearsed", "tested", "review", "committed", "reloaded", "probation", "resolved"]
StageStatus = Literal["running", "passed", "failed", "skipped"]
Outcome = Literal["passed", "failed", "inconclusive"]
Verdict = Literal["auto", "review", "reject"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """One file of a patch: POSIX path relative to the workspace, and the sha256 of its bytes before (empty: it is new) and after."""

    path: str
    base_sha256: str
    new_sha256: str
    mode: Literal["100644"] = "100644"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a confidence, in words, and what it adds to it, in log-odds."""

    words: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing that was checked and what came out.

    `weight` is what it added to the confidence, in log-odds, in journals written before the confidence had `Part`s.
    """

    kind: str
    outcome: Outcome
    summary: str
    detail: tuple[str, ...] = ()
    milliseconds: float = 0.0
    weight: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """A proposed change of the workspace's files.

    `base_commit` is the commit it was made against and `branch` the full name of the branch, both empty without git. `rule` names the author's method,
    `author` who proposed it. Contents are in the journal's blob store under their sha256. `cautions` say what it decides for the
    operator, `alternatives` what else was considered, `unchecked` what nobody looked at; `parts` are those of the
    confidence, `bound` why it is no higher, `vetoes` what forbids that it is merged without a human.
    """

    id: str
    incident: str
    target: str
    title: str
    rationale: str
    rule: str
    author: str
    base_commit: str
    files: tuple[FileChange, ...]
    proposed_at: float
    branch: str = ""
    latency_ms: float = 0.0
    state: PatchState = "proposed"
    evidence: tuple[Evidence, ...] = ()
    confidence: float | None = None
    parts: tuple[Part, ...] = ()
    bound: str = ""
    vetoes: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()
    verdict: Verdict | None = None
    digest: str = ""
    reason: str = ""
    decided_by: str = ""
    commit: str = ""
    deployment: str = ""


def evidence_digest(evidence: tuple[Evidence, ...]) -> str:
    """Return the sha256 (hex) of the validation report, in the order it was gathered."""
    rows = [[item.kind, item.outcome, item.summary, list(item.detail)] for item in evidence]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


def patch_digest(workspace: str, patch: Patch) -> str:
    """Return the one hash that an approval names.

    It covers the workspace, the branch, the base commit, every file (path, mode, bytes before, bytes after) and the validation
    report, so nothing that was shown can be exchanged between the approval and its effect.
    """
    files = [[change.path, change.mode, change.base_sha256, change.new_sha256] for change in patch.files]
    whole = [workspace, patch.id, patch.branch, patch.base_commit, files, evidence_digest(patch.evidence)]
    return hashlib.sha256(json.dumps(whole, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()
