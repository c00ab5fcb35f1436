"""Validation of one patch: replayed and rehearsed in the live process, checked layer by layer in the sandbox, weighed."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from nexoide.config import TargetSettings
from nexoide.errors import NexoideError
from nexoide.journal.journal import Journal
from nexoide.model import event as e
from nexoide.model.patch import Evidence, FileChange, Patch, Stage, StageStatus, patch_digest
from nexoide.model.projection import State
from nexoide.reload.coordinator import FileText, ReloadCoordinator
from nexoide.reload.outcome import DONE, remarks
from nexoide.repair import confidence, evidence
from nexoide.repair.service import Proposal
from nexoide.repair.validation import NewFile, Trial, Validated, Workshop, validate
from nexoide.supervisor.replaying import KIND, Replay

ACTOR = "medic"
HARD = frozenset({"inspection", "compile", "import", "replay", "tests"})
"""What a patch must not fail. A program that cannot take a patch live is told to the operator, who may commit it all the same."""
_STAGES: dict[str, Stage] = {"inspection": "inspected", "rehearsal": "rehearsed", "tests": "tested"}


class Validator:
    """Gathers evidence for a patch, row by row, each journaled as it comes out."""

    def __init__(
        self,
        *,
        root: Path,
        state: State,
        journal: Journal,
        reloads: ReloadCoordinator,
        workshop: Workshop,
        targets: dict[str, TargetSettings],
        python_of: Callable[[str], str],
    ) -> None:
        self._root, self._state, self._journal = root, state, journal
        self._reloads, self._workshop, self._targets, self._python_of = reloads, workshop, targets, python_of

    async def validate(self, patch: Patch, proposal: Proposal, rivals: Sequence[confidence.Rival], replay: Replay) -> e.PatchJudged:
        """Return the judgement; a check that fails hard ends the rest, what came out before it is kept."""
        gathered = await self._gather(patch, proposal, rivals, replay)
        failed = [item for item in gathered if item.outcome == "failed" and item.kind in HARD]
        score = confidence.judge(proposal, gathered, rivals=rivals, behaviour=replay.behaviour)
        digest = patch_digest(str(self._root), self._state.patches[patch.id])
        return e.PatchJudged(
            patch=patch.id,
            confidence=score.confidence,
            verdict="reject" if failed else "review",
            digest=digest,
            reason="; ".join(item.summary for item in failed),
            parts=score.parts,
            bound=score.bound,
            vetoes=score.vetoes,
        )

    async def _gather(self, patch: Patch, proposal: Proposal, rivals: Sequence[confidence.Rival], replay: Replay) -> list[Evidence]:
        rows = [replay.row]
        if replay.row.outcome == "failed":
            await self._skip(patch, "inspected", "rehearsed", "tested")
            return rows
        await self._stage(patch, "inspected", "running")
        await self._stage(patch, "tested", "running")
        rehearsed, checked = await asyncio.gather(self._rehearsed(patch, proposal), self._checked(patch, proposal))
        rows += [rehearsed, *checked]
        for extra in (evidence.uniqueness(1 + len(rivals)), evidence.size(proposal.files), evidence.patterns(proposal.files)):
            rows.append(await self.keep(patch, extra))
        return rows

    async def _rehearsed(self, patch: Patch, proposal: Proposal) -> Evidence:
        await self._stage(patch, "rehearsed", "running")
        files = [FileText(path=(self._root / path).resolve(), base=base.decode(), new=new.decode()) for path, (base, new) in sorted(proposal.files.items())]
        outcome = await self._reloads.rehearse(patch.target, files)
        prepared = None if outcome.state in {"absent", "not_loaded"} else outcome.ok
        notes = [note for note in (outcome.sentence, *remarks(outcome, self._root)) if note]
        changed = [f"{item.full}: {item.kind} {item.action}" for item in outcome.definitions if item.action in DONE] or outcome.changed
        return await self.keep(patch, evidence.rehearsal(prepared=prepared, changed=changed, notes=notes, milliseconds=outcome.milliseconds))

    async def _checked(self, patch: Patch, proposal: Proposal) -> list[Evidence]:
        """Run the layers in the sandbox; each row is journaled as it comes, the live process has the word on the replay."""
        came: asyncio.Queue[Evidence | None] = asyncio.Queue()
        keeping = asyncio.ensure_future(self._keep_all(patch, came))
        try:
            found = await validate(self._trial(patch, proposal), workshop=self._workshop, said=came.put_nowait)
        except (NexoideError, OSError) as error:
            found = Validated(evidence=())
            came.put_nowait(evidence.suite(before_passed=0, before_failed=0, after_passed=0, after_failed=0, confined=str(error), ran=False))
        came.put_nowait(None)
        rows = await keeping
        if not any(row.kind == "tests" for row in rows):
            await self._skip(patch, "tested")
        if found.regression_test is not None and not found.refused:
            await self._extend(patch, found.regression_test)
        return rows

    def _trial(self, patch: Patch, proposal: Proposal) -> Trial:
        settings = self._targets.get(patch.target)
        incident = self._state.incidents[patch.incident]
        return Trial(
            root=self._root,
            proposal=proposal,
            failure=incident.sample,
            python=self._python_of(patch.target),
            tests=settings.tests if settings is not None else (),
            env=dict(settings.env) if settings is not None else {},
            timeout=settings.tests_timeout if settings is not None else 60.0,
        )

    async def _keep_all(self, patch: Patch, came: asyncio.Queue[Evidence | None]) -> list[Evidence]:
        rows = []
        while (row := await came.get()) is not None:
            if row.kind != KIND:
                rows.append(await self.keep(patch, row))
        return rows

    async def _extend(self, patch: Patch, test: NewFile) -> None:
        """Make the test that shows the failure a part of the patch."""
        file = FileChange(path=test.path, base_sha256="", new_sha256=hashlib.sha256(test.data).hexdigest())
        await self._journal.append(e.PatchExtended(patch=patch.id, file=file), actor=ACTOR, blobs=[test.data])

    async def keep(self, patch: Patch, row: Evidence) -> Evidence:
        """Journal a row of evidence, and the stage that ends with it."""
        bodies: list[e.Body] = [e.EvidenceGathered(patch=patch.id, evidence=row)]
        if row.kind in _STAGES:
            status: StageStatus = "failed" if row.outcome == "failed" else "passed" if row.outcome == "passed" else "skipped"
            bodies.append(e.PatchStage(patch=patch.id, stage=_STAGES[row.kind], status=status, detail=row.summary, milliseconds=row.milliseconds))
        await self._journal.append(*bodies, actor=ACTOR)
        return row

    async def _stage(self, patch: Patch, stage: Stage, status: StageStatus) -> None:
        await self._journal.append(e.PatchStage(patch=patch.id, stage=stage, status=status), actor=ACTOR)

    async def _skip(self, patch: Patch, *stages: Stage) -> None:
        bodies = [e.PatchStage(patch=patch.id, stage=stage, status="skipped", detail="not reached") for stage in stages]
        await self._journal.append(*bodies, actor=ACTOR)
