"""Trying proposals, some at once; where one lets the program come to another failure, that one is repaired on top of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

from nexoide.heal import chains, choosing
from nexoide.heal.findings import Findings
from nexoide.heal.observing import Stage
from nexoide.heal.request import HealRequest
from nexoide.heal.result import HealedPatch
from nexoide.model.failure import Failure
from nexoide.model.patch import Evidence
from nexoide.repair.proposal import Proposal, ProposeRequest
from nexoide.repair.validation import Observation, Trial, Validated, Workshop, validate
from nexoide.repair.validation.sameness import same

Diagnose = Callable[[ProposeRequest], Awaitable[tuple[tuple[Proposal, ...], bool]]]
MAX_BRANCHES = 2
"""Proposals that are followed on top of a first repair; from then on the best alone."""


class Attempts:
    """Tries the proposals for one failure, at most so many at once as the request says."""

    def __init__(self, request: HealRequest, stage: Stage, workshop: Workshop, before: Observation, findings: Findings, diagnose: Diagnose) -> None:
        self._request, self._stage, self._workshop = request, stage, workshop
        self._before, self._findings, self._diagnose = before, findings, diagnose
        self._places = asyncio.Semaphore(request.jobs)

    async def make(self, trials: Sequence[Trial]) -> None:
        """Try all of them; what holds is among the findings then."""
        async with asyncio.TaskGroup() as group:
            again = group.create_task(self._stage.observe())
            for trial in trials:
                group.create_task(self._make(trial, 1))
        if not self._fails_again(trials[0].failure, again.result(), trials[0].root):
            self._findings.think("found", "the command does not fail each time: that it runs with a patch proves little")
            self._findings.patches = [replace(patch, evidence=_doubted(patch.evidence)) for patch in self._findings.patches]

    def _fails_again(self, failure: Failure, again: Observation, root: Path) -> bool:
        """Say whether a second run without a patch failed as the first did."""
        if not again.failures:
            return again.exit_code == self._before.exit_code and again.exit_code != 0
        return any(same(failure, item, root) for item in again.failures)

    async def _make(self, trial: Trial, rounds: int) -> None:
        async with self._places:
            made = await validate(trial, observe=self._stage.observe, before=self._before, workshop=self._workshop)
        after = made.after
        passes = not made.refused and after is not None and choosing.repaired(trial.failure, self._before, after, trial.root)
        if made.refused:
            why = next((row.summary for row in reversed(made.evidence) if row.outcome == "failed"), "a check that no patch may fail did")
            self._findings.think("found", f"refused: {trial.proposal.title}: {why}")
        else:
            self._findings.patches.append(_patch(trial.proposal, made, rounds, passes=passes))
        if after is not None and not passes and rounds < chains.MAX_ROUNDS:
            await self._follow(trial, after, rounds)

    async def _follow(self, trial: Trial, after: Observation, rounds: int) -> None:
        """Diagnose the failure that a patch brought to light, in a copy with the patch, and try both together."""
        new = choosing.beyond(trial.failure, self._before, after, trial.root)
        if new is None:
            return
        folder = await asyncio.to_thread(self._stage.patched, {path: data for path, (_, data) in trial.proposal.files.items()})
        proposals, is_final = await self._diagnose(ProposeRequest(root=folder, failure=choosing.moved(new, trial.root, folder)))
        if is_final:
            return
        for then in proposals[: MAX_BRANCHES if rounds == 1 else 1]:
            await self._make(replace(trial, proposal=chains.joined(trial.proposal, then)), rounds + 1)


def _doubted(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Return evidence of a failure that comes and goes: a run in which it does not show is no proof."""
    why = "the command ran to its end, but it does so without the patch as well, now and then"
    return tuple(replace(row, outcome="inconclusive", summary=why) if row.kind == "replay" and row.outcome == "passed" else row for row in evidence)


def _patch(proposal: Proposal, made: Validated, rounds: int, *, passes: bool) -> HealedPatch:
    return HealedPatch(
        id="",
        proposal=proposal,
        evidence=made.evidence,
        confidence=0.0,
        behaviour=made.behaviour,
        regression_test=made.regression_test,
        rounds=rounds,
        passes=passes,
    )
