"""Healing from beginning to end: run what fails, diagnose, try what is proposed, follow what comes to light, rank."""

from __future__ import annotations

import asyncio
import os
import time
from typing import TYPE_CHECKING

from nexoide.errors import UsageError
from nexoide.heal import choosing
from nexoide.heal.command import Invocation, invocation, split
from nexoide.heal.confined import caused, without_input, without_network
from nexoide.heal.findings import Findings
from nexoide.heal.observing import Stage
from nexoide.heal.request import HealRequest
from nexoide.heal.result import Healed
from nexoide.heal.trying import Attempts
from nexoide.heal.words import unreadable, wordless
from nexoide.model.failure import Failure, Raised
from nexoide.patches.workers import REPARSE, START_SECONDS, WorkerPool
from nexoide.repair.proposal import Proposal, ProposeRequest
from nexoide.repair.service import ENGINE, Repairer
from nexoide.repair.surroundings import Surroundings, surroundings
from nexoide.repair.validation import Observation, Trial, Workshop
from nexoide.sandbox.confinement import chosen

if TYPE_CHECKING:
    from nexoide.heal.second_opinion import SecondOpinion


async def heal(request: HealRequest) -> Healed:
    """Return what came of it; the folder stays as it is. Cancelled once, it ends early with what was found by then.

    Raises UsageError for a folder or command that makes no sense, UnavailableError where nothing can be run at all.
    """
    session = _Session(request)
    try:
        await session.run()
        return session.findings.healed()
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None:
            task.uncancel()
        return session.findings.healed(interrupted=True)
    finally:
        await asyncio.shield(session.close())


class _Session:
    """One healing under way."""

    def __init__(self, request: HealRequest) -> None:
        if not request.root.is_dir():
            raise UsageError(f"{request.root} is not a folder: --path names the folder that the command is run in.")
        split(request.command)
        self._request, self._root = request, request.root.resolve()
        self._began = time.monotonic()
        self.findings = Findings(self._root)
        self._second, self._pool = _second_opinion(request)
        self._is_final = False
        self._repairer = Repairer(self._pool)
        self._surroundings = Surroundings()
        self._warming: asyncio.Task[None] | None = None

    async def close(self) -> None:
        """End the workers."""
        if self._warming is not None:
            self._warming.cancel()
            await asyncio.gather(self._warming, return_exceptions=True)
        if self._second is not None:
            await self._second.close()
        await self._pool.close()

    async def run(self) -> None:
        """Go all the way."""
        self._warming = asyncio.create_task(self._warm())
        run, _ = await asyncio.gather(invocation(self._request.command, self._root, self._request.env), chosen())
        async with Stage(self._root, run, timeout=self._request.timeout) as stage, Workshop() as workshop:
            before, self._surroundings = await asyncio.gather(stage.observe(), self._facts(run))
            if before.exit_code and not choosing.ordered(before):
                before = await stage.look_closer(before)
                if before.failures:
                    self.findings.think(
                        "think", f"the command ended with {before.exit_code} and printed no traceback: what it caught last, or its own check, is likely why"
                    )
            self.findings.seen = before
            self._lap("command")
            found = None if choosing.clean(before) else await self._diagnosed(before)
            self._lap("diagnosis")
            attempts = Attempts(self._request, stage, workshop, before, self.findings, self._diagnose)
            if found is not None:
                failure, proposals = found
                await attempts.make([self._trial(run, failure, proposal) for proposal in proposals])
                self._lap("validation")
            await self._ask_model(run, attempts, found[1] if found is not None else ())

    async def _ask_model(self, run: Invocation, attempts: Attempts, tried: tuple[Proposal, ...]) -> None:
        """Try what a model proposes, where one is configured and nothing is sure enough."""
        failure = self.findings.failure
        if self._second is None or self._is_final or failure is None:
            return
        asked = ProposeRequest(root=self._root, failure=failure, surroundings=self._surroundings)
        proposals = await self._second.proposals(asked, tried, self.findings)
        if proposals:
            await attempts.make([self._trial(run, failure, proposal) for proposal in proposals])
        self._lap("model")

    async def _warm(self) -> None:
        """Start the worker, and have it load the parser and the rules while the command runs."""
        await self._pool.start()
        await self._pool.call({"function": REPARSE, "request": {"source": "pass\n"}}, START_SECONDS)
        nothing = Failure(target="", pid=0, source="main", at=0.0, exceptions=(Raised(type="", message=""),))
        await self._repairer.diagnose(ProposeRequest(root=self._root, failure=nothing))

    async def _facts(self, run: Invocation) -> Surroundings:
        names = {*os.environ, *run.env, *self._request.env}
        return await surroundings(str(run.python.executable), command=run.words, variables=names, folders=run.folders)

    def _lap(self, name: str) -> None:
        clocks = self.findings.clocks
        clocks[name] = round(time.monotonic() - self._began - sum(clocks.values()), 4)

    def _trial(self, run: Invocation, failure: Failure, proposal: Proposal) -> Trial:
        return Trial(
            root=self._root,
            proposal=proposal,
            failure=failure,
            python=str(run.python.executable),
            command=run.words,
            tests=split(self._request.tests)[0] if self._request.tests else (),
            env=run.env,
            surroundings=self._surroundings,
            timeout=self._request.timeout,
            runs_tests=self._request.run_tests,
            adds_test=self._request.add_test,
        )

    async def _diagnosed(self, before: Observation) -> tuple[Failure, tuple[Proposal, ...]] | None:
        """Diagnose the failures of the first run in order until there is something to try, or something final to say."""
        findings = self.findings
        failures = choosing.ordered(before)
        findings.failure = failures[0] if failures else None
        hidden = caused(failures[0], self._root) if failures else ""
        if hidden:
            findings.reason, self._is_final = hidden, True
            return None
        if failures and without_network(failures[0]):
            findings.think("think", "the command is run without a network: whether the other end answers was not seen")
        for failure in failures[: choosing.MAX_TRIED]:
            proposals, is_final = await self._diagnose(ProposeRequest(root=self._root, failure=failure))
            if proposals or is_final:
                findings.failure, self._is_final = failure, is_final
                return (failure, proposals[: self._request.max_patches]) if proposals else None
        if failures:
            told = without_input(failures[0], self._request.command) or unreadable(failures[0], self._root)
            if not told and failures[0].exceptions and failures[0].exceptions[0].type == "SystemExit":
                told = f"{wordless(before).rstrip(chr(46))}. Behind its own check no known fault was found."
            findings.reason = told or findings.reason
        return None

    async def _diagnose(self, request: ProposeRequest) -> tuple[tuple[Proposal, ...], bool]:
        """Return what is proposed, and whether advice says that nothing should be."""
        failure = choosing.pointed(request.failure, request.root, self._request.file) if self._request.file else request.failure
        diagnosis = await self._repairer.diagnose(ProposeRequest(root=request.root, failure=failure, surroundings=self._surroundings))
        self.findings.take(diagnosis)
        return diagnosis.proposals, any(item.final for item in diagnosis.advice)


def _second_opinion(request: HealRequest) -> tuple[SecondOpinion | None, WorkerPool]:
    """Return the model to ask, if any, and the workers; what asking needs is loaded only where there is one."""
    if request.model is None or not (request.model.name and request.model.enabled):
        return None, WorkerPool((ENGINE,), size=1)
    from nexoide.heal.second_opinion import SecondOpinion
    from nexoide.repair.opinion.model import FUNCTIONS

    pool = WorkerPool((ENGINE, *FUNCTIONS), size=1)
    return SecondOpinion(request.model, pool), pool
