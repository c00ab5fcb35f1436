"""Validation of one patch: inspected, rehearsed in the live process without touching it, tested in the sandbox, weighed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from nexoide.config import TargetSettings
from nexoide.errors import InspectionError, NexoideError
from nexoide.journal.journal import Journal
from nexoide.model import event as e
from nexoide.model.patch import Evidence, Patch, Stage, StageStatus, patch_digest
from nexoide.model.projection import State
from nexoide.patches.inspection import inspect_all
from nexoide.reload.coordinator import FileText, ReloadCoordinator
from nexoide.reload.outcome import DONE, remarks
from nexoide.repair import confidence, evidence
from nexoide.repair.service import Proposal
from nexoide.sandbox.tests_run import TestReport
from nexoide.supervisor.replaying import Replay
from nexoide.supervisor.sandboxes import BenchResult, TestBench

ACTOR = "medic"
HARD = frozenset({"inspection", "replay", "tests"})
"""What a patch must not fail. A program that cannot take a patch live is told to the operator, who may commit it all the same."""


class Validator:
    """Gathers evidence for a patch, stage by stage, each journaled as it comes out."""

    def __init__(self, *, root: Path, state: State, journal: Journal, reloads: ReloadCoordinator, bench: TestBench, targets: dict[str, TargetSettings]) -> None:
        self._root, self._state, self._journal = root, state, journal
        self._reloads, self._bench, self._targets = reloads, bench, targets

    async def validate(self, patch: Patch, proposal: Proposal, rivals: Sequence[confidence.Rival], replay: Replay) -> e.PatchJudged:
        """Return the judgement; a check that fails hard ends the rest, what came out before it is kept."""
        gathered = await self._gather(patch, proposal, rivals, replay)
        failed = [item for item in gathered if item.outcome == "failed" and item.kind in HARD]
        score = confidence.judge(proposal, gathered, rivals=rivals, behaviour=replay.behaviour)
        done = self._state.patches[patch.id]
        digest = patch_digest(str(self._root), done)
        reason = "; ".join(item.summary for item in failed)
        return e.PatchJudged(
            patch=patch.id,
            confidence=score.confidence,
            verdict="reject" if failed else "review",
            digest=digest,
            reason=reason,
            parts=score.parts,
            bound=score.bound,
            vetoes=score.vetoes,
        )

    async def _gather(self, patch: Patch, proposal: Proposal, rivals: Sequence[confidence.Rival], replay: Replay) -> list[Evidence]:
        await self._journal.append(e.EvidenceGathered(patch=patch.id, evidence=replay.row), actor=ACTOR)
        rows = [replay.row, await self._inspected(patch, proposal)]
        if any(row.outcome == "failed" for row in rows):
            await self._skip(patch, "rehearsed", "tested")
            return rows
        rehearsed, tested = await asyncio.gather(self._rehearsed(patch, proposal), self._tested(patch, proposal))
        rows += [rehearsed, tested]
        for extra in (evidence.uniqueness(1 + len(rivals)), evidence.size(proposal.files), evidence.patterns(proposal.files)):
            await self._journal.append(e.EvidenceGathered(patch=patch.id, evidence=extra), actor=ACTOR)
            rows.append(extra)
        return rows

    async def _inspected(self, patch: Patch, proposal: Proposal) -> Evidence:
        await self._stage(patch, "inspected", "running")
        began = time.monotonic()
        try:
            notes = await asyncio.to_thread(inspect_all, proposal.files)
            row = evidence.inspection(passed=True, findings=notes, milliseconds=_since(began))
        except InspectionError as error:
            row = evidence.inspection(passed=False, findings=[error.sentence], milliseconds=_since(began))
        return await self._done(patch, "inspected", row)

    async def _rehearsed(self, patch: Patch, proposal: Proposal) -> Evidence:
        await self._stage(patch, "rehearsed", "running")
        files = [FileText(path=(self._root / path).resolve(), base=base.decode(), new=new.decode()) for path, (base, new) in sorted(proposal.files.items())]
        outcome = await self._reloads.rehearse(patch.target, files)
        prepared = None if outcome.state in {"absent", "not_loaded"} else outcome.ok
        notes = [note for note in (outcome.sentence, *remarks(outcome, self._root)) if note]
        changed = [f"{item.full}: {item.kind} {item.action}" for item in outcome.definitions if item.action in DONE] or outcome.changed
        row = evidence.rehearsal(prepared=prepared, changed=changed, notes=notes, milliseconds=outcome.milliseconds)
        return await self._done(patch, "rehearsed", row)

    async def _tested(self, patch: Patch, proposal: Proposal) -> Evidence:
        settings = self._targets.get(patch.target)
        if settings is None or not settings.tests:
            return await self._done(patch, "tested", _without_tests("the target has no 'tests' in its settings", ran=True))
        await self._stage(patch, "tested", "running")
        began = time.monotonic()
        try:
            result = await self._bench.compare(patch.target, settings, patch.base_commit, {path: new for path, (_, new) in proposal.files.items()})
            row = _of_tests(result, _since(began))
        except (NexoideError, OSError) as error:
            row = _without_tests(str(error), ran=False)
        return await self._done(patch, "tested", row)

    async def _done(self, patch: Patch, stage: Stage, row: Evidence) -> Evidence:
        status: StageStatus = "failed" if row.outcome == "failed" else "passed" if row.outcome == "passed" else "skipped"
        await self._journal.append(
            e.EvidenceGathered(patch=patch.id, evidence=row),
            e.PatchStage(patch=patch.id, stage=stage, status=status, detail=row.summary, milliseconds=row.milliseconds),
            actor=ACTOR,
        )
        return row

    async def _stage(self, patch: Patch, stage: Stage, status: StageStatus) -> None:
        await self._journal.append(e.PatchStage(patch=patch.id, stage=stage, status=status), actor=ACTOR)

    async def _skip(self, patch: Patch, *stages: Stage) -> None:
        bodies = [e.PatchStage(patch=patch.id, stage=stage, status="skipped", detail="not reached") for stage in stages]
        await self._journal.append(*bodies, actor=ACTOR)


def _since(began: float) -> float:
    return (time.monotonic() - began) * 1000


def _without_tests(why: str, *, ran: bool) -> Evidence:
    return evidence.suite(before_passed=0, before_failed=0, after_passed=0, after_failed=0, confined=why, ran=ran)


def _of_tests(result: BenchResult, milliseconds: float) -> Evidence:
    """Return the row for a run beside its baseline; what was confined, and what was not, is always said."""
    before, after, found = result.baseline, result.patched, result.comparison
    unusable = before.timed_out or (not before.has_ids and before.exit_code != 0)
    if before.exit_code is None or after.exit_code is None or unusable:
        return _without_tests(found.sentence, ran=False)
    held = after.confinement
    row = evidence.suite(
        before_passed=_count(before, "passed"),
        before_failed=_count(before, "failed", "error"),
        after_passed=_count(after, "passed"),
        after_failed=_count(after, "failed", "error"),
        broken=(*found.newly_failing, *found.newly_skipped),
        fixed=found.newly_passing,
        missing=found.missing,
        milliseconds=milliseconds,
    )
    confined = [f"sandbox: {held.tier}; confined: {', '.join(held.confined) or 'nothing'}"]
    if held.not_confined:
        confined.append(f"NOT confined: {', '.join(held.not_confined)}")
    if not found.ok and row.outcome != "failed":
        row = replace(row, outcome="failed", summary=found.sentence, weight=-4.0)
    elif found.weak and row.outcome != "failed":
        row = replace(row, outcome="inconclusive", summary=found.sentence, weight=min(row.weight, 0.0))
    return replace(row, detail=(*row.detail, found.sentence, *confined))


def _count(report: TestReport, *outcomes: str) -> int:
    return sum(1 for outcome in report.outcomes.values() if outcome in outcomes)
