"""Healing from beginning to end: run what fails, diagnose, try what is proposed, follow what comes to light, rank."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import replace
from pathlib import Path

from nexoide.errors import UsageError
from nexoide.heal import chains, choosing
from nexoide.heal.checking import check
from nexoide.heal.command import Invocation, invocation, split
from nexoide.heal.observing import Stage
from nexoide.heal.ranking import ranked
from nexoide.heal.request import HealRequest
from nexoide.heal.result import Healed, HealedPatch
from nexoide.heal.words import described, place_of
from nexoide.model.failure import Failure
from nexoide.patches.workers import WorkerPool
from nexoide.repair.proposal import Advice, Diagnosis, Proposal, ProposeRequest
from nexoide.repair.service import ENGINE, Repairer
from nexoide.repair.surroundings import Surroundings, surroundings
from nexoide.repair.validation.trial import Observation, Trial
from nexoide.sandbox.confinement import chosen


async def heal(request: HealRequest) -> Healed:
    """Return what came of it; the folder stays as it is. Cancelled once, it ends early with what was found by then.

    Raises UsageError for a folder or command that makes no sense, UnavailableError where nothing can be run at all.
    """
    session = _Session(request)
    try:
        return await session.run()
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None:
            task.uncancel()
        return session.result(interrupted=True)
    finally:
        await asyncio.shield(session.close())


class _Session:
    """One healing: what was seen, thought and found so far."""

    def __init__(self, request: HealRequest) -> None:
        self._began = time.monotonic()
        self._request = request
        if not request.root.is_dir():
            raise UsageError(f"{request.root} is not a folder: --path names the folder that the command is run in.")
        self._root = request.root.resolve()
        split(request.command)
        self._pool = WorkerPool((ENGINE,), size=1)
        self._repairer = Repairer(self._pool)
        self._runs = asyncio.Semaphore(max(1, request.jobs))
        self._surroundings = Surroundings()
        self._seen: Observation | None = None
        self._failure: Failure | None = None
        self._thoughts: dict[tuple[str, str], None] = {}
        self._advice: dict[Advice, None] = {}
        self._reason = ""
        self._patches: list[HealedPatch] = []
        self._clocks: dict[str, float] = {}
        self._warming: asyncio.Task[None] | None = None

    async def close(self) -> None:
        """End the workers."""
        if self._warming is not None:
            self._warming.cancel()
            await asyncio.gather(self._warming, return_exceptions=True)
        await self._pool.close()

    async def run(self) -> Healed:
        """Go all the way."""
        self._warming = asyncio.create_task(self._pool.start())
        run, _ = await asyncio.gather(invocation(self._request.command, self._root, self._request.env), chosen())
        async with Stage(self._root, run, timeout=self._request.timeout) as stage:
            before, self._surroundings = await asyncio.gather(self._observed(stage), self._facts(run))
            self._seen = before
            self._lap("command")
            if choosing.clean(before):
                return self.result()
            found = await self._diagnosed(before)
            self._lap("diagnosis")
            if found is not None:
                failure, proposals = found
                await self._tried(stage, run, before, failure, proposals)
                self._lap("validation")
        return self.result()

    async def _observed(self, stage: Stage, proposal: Proposal | None = None) -> Observation:
        changes = {path: new for path, (_, new) in proposal.files.items()} if proposal is not None else {}
        async with self._runs:
            return await stage.observe(changes)

    async def _facts(self, run: Invocation) -> Surroundings:
        return await surroundings(
            str(run.python.executable), command=run.words, variables={*os.environ, *run.env, *self._request.env}, folders=run.folders
        )

    def _lap(self, name: str) -> None:
        self._clocks[name] = round(time.monotonic() - self._began - sum(self._clocks.values()), 4)

    async def _diagnosed(self, before: Observation) -> tuple[Failure, tuple[Proposal, ...]] | None:
        """Diagnose the failures of the first run in order until there is something to try, or something final to say."""
        failures = choosing.ordered(before)
        self._failure = failures[0] if failures else None
        for number, failure in enumerate(failures[: choosing.MAX_TRIED]):
            diagnosis = await self._diagnose(self._root, failure)
            if number == 0:
                self._reason = diagnosis.reason
            if diagnosis.proposals:
                self._failure = failure
                return failure, diagnosis.proposals[: self._request.max_patches]
            if any(item.final for item in diagnosis.advice):
                self._failure = failure
                return None
        return None

    async def _diagnose(self, root: Path, failure: Failure) -> Diagnosis:
        if self._request.file:
            failure = choosing.pointed(failure, root, self._request.file)
        diagnosis = await self._repairer.diagnose(ProposeRequest(root=root, failure=failure, surroundings=self._surroundings))
        self._thoughts.update(dict.fromkeys(diagnosis.thoughts))
        self._advice.update(dict.fromkeys(diagnosis.advice))
        return diagnosis

    async def _tried(self, stage: Stage, run: Invocation, before: Observation, failure: Failure, proposals: tuple[Proposal, ...]) -> None:
        async with asyncio.TaskGroup() as group:
            for proposal in proposals:
                group.create_task(self._try(stage, run, before, failure, proposal, 1))

    async def _try(self, stage: Stage, run: Invocation, before: Observation, failure: Failure, proposal: Proposal, rounds: int) -> None:
        """Try one proposal, and where it only lets another failure appear, what is proposed for that on top of it."""
        trial = Trial(
            root=self._root,
            proposal=proposal,
            failure=failure,
            python=str(run.python.executable),
            command=run.words,
            tests=(),
            env=run.env,
            surroundings=self._surroundings,
            timeout=self._request.timeout,
        )
        async with self._runs:
            made = await check(trial, before, stage.observe)
        after = made.after
        passes = after is not None and choosing.clean(after) and not made.refused
        if passes or not made.refused:
            self._patches.append(
                HealedPatch(
                    id="",
                    proposal=proposal,
                    evidence=made.evidence,
                    confidence=0.0,
                    behaviour=made.behaviour,
                    regression_test=made.regression_test,
                    rounds=rounds,
                    passes=passes,
                )
            )
        else:
            why = next((row.summary for row in made.evidence if row.outcome == "failed"), "a check that no patch may fail did")
            self._thoughts[("found", f"refused: {proposal.title}: {why}"[:160])] = None
        if passes or made.refused or after is None or rounds >= chains.MAX_ROUNDS:
            return
        await self._follow(stage, run, before, failure, proposal, after, rounds)

    async def _follow(
        self, stage: Stage, run: Invocation, before: Observation, failure: Failure, proposal: Proposal, after: Observation, rounds: int
    ) -> None:
        new = choosing.beyond(before, after, self._root)
        if not new:
            return
        folder = await asyncio.to_thread(stage.patched, {path: data for path, (_, data) in proposal.files.items()})
        diagnosis = await self._diagnose(folder, choosing.moved(new[0], self._root, folder))
        for then in diagnosis.proposals[: 2 if rounds == 1 else 1]:
            await self._try(stage, run, before, failure, chains.joined(proposal, then), rounds + 1)

    def result(self, *, interrupted: bool = False) -> Healed:
        """Return what was found so far."""
        patches = ranked(_without_steps(self._patches))
        seen, failure = self._seen, self._failure
        healed = Healed(
            status="error" if seen is None else "nothing_to_fix" if choosing.clean(seen) else "not_fixed",
            thoughts=tuple(self._thoughts),
            advice=tuple(self._advice),
            patches=patches,
            seen=seen,
            seconds=round(time.monotonic() - self._began, 3),
            interrupted=interrupted,
            clocks=self._clocks,
        )
        if failure is not None:
            kind, message = described(failure)
            healed = replace(healed, error_class=kind, error=message, where=place_of(failure, self._root))
        if any(patch.passes for patch in patches):
            healed = replace(healed, status="fixed")
        elif healed.status == "not_fixed" and not patches and self._advice:
            healed = replace(healed, status="no_patch")
        return replace(healed, said=self._said(healed))

    def _said(self, healed: Healed) -> str:
        if healed.interrupted:
            return "Stopped early: what was found by then is below." if healed.patches else "Stopped early: nothing was found by then."
        if healed.status == "nothing_to_fix":
            return "The command ended with 0 and showed no failure."
        if healed.status == "fixed":
            count = sum(patch.passes for patch in healed.patches)
            return f"{count} patch{'es' if count != 1 else ''} with which the command runs to its end."
        if healed.status == "no_patch":
            return "No change of the code is right here."
        if healed.seen is not None and healed.seen.problem:
            return healed.seen.problem
        if healed.patches:
            return "What failed first is repaired by a patch, and another failure follows."
        if not healed.error_class:
            code = healed.seen.exit_code if healed.seen is not None else None
            return f"The command ended with {code} and showed no error: there is nothing to go by."
        return self._reason or "No patch was found."


def _without_steps(patches: list[HealedPatch]) -> list[HealedPatch]:
    """Return the patches without those that were only the first rounds of one that passes."""
    whole = [patch for patch in patches if patch.passes and patch.rounds > 1]
    return [patch for patch in patches if patch.passes or not any(set(patch.proposal.files) <= set(item.proposal.files) for item in whole)]


