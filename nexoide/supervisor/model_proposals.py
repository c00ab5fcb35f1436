"""A language model's opinion on incidents for which the rules have nothing, or nothing sure: asked once each, beside everything else.

Its patch goes the way of all others. Where it holds better than the one that waits already, that one gives way; where it does not, it
is put aside, so that one patch of an incident waits for the operator.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from nexoide.errors import NexoideError
from nexoide.incidents.similar import similar
from nexoide.journal.journal import Journal
from nexoide.llm.models import Models
from nexoide.model import event as e
from nexoide.model.incident import Incident
from nexoide.model.patch import Patch
from nexoide.model.projection import State
from nexoide.patches.workers import WorkerPool
from nexoide.repair.confidence import Rival
from nexoide.repair.opinion.model import ENOUGH, ModelProposer, PastFix
from nexoide.repair.service import Diagnosis, Proposal, ProposeRequest
from nexoide.repair.surroundings import Surroundings

ACTOR = "medic"
RULE = "model"
MAX_FIXES, MAX_INCIDENTS = 3, 512

Propose = Callable[[Incident, Proposal], Awaitable[None]]
Say = Callable[[str, str, str], Awaitable[None]]


class SecondOpinion:
    """Asks the model where a rule's patch is missing or weak; `propose` and `say` are the medic's own."""

    def __init__(
        self,
        *,
        root: Path,
        state: State,
        journal: Journal,
        models: Models,
        pool: WorkerPool,
        facts: Callable[[str], Awaitable[Surroundings]],
        spawn: Callable[[Coroutine[Any, Any, Any], str], None],
        propose: Propose,
        say: Say,
    ) -> None:
        self._root, self._state, self._journal = root, state, journal
        self._proposer, self._facts, self._spawn = ModelProposer(models, pool), facts, spawn
        self._propose, self._say = propose, say
        self._asked: dict[str, list[Rival]] = {}

    def unanswered(self, incident: Incident, diagnosis: Diagnosis) -> None:
        """Ask for an incident that no rule has a patch for, unless a rule says that none is right."""
        if not any(item.final for item in diagnosis.advice):
            self._ask_once(incident, [], [], {})

    def rivals(self, patch: Patch, proposal: Proposal) -> list[Rival]:
        """Return the patch that the model's has to be weighed against."""
        return list(self._asked.get(patch.incident, ())) if proposal.rule == RULE else []

    def judged(self, patch: Patch, proposal: Proposal, others: Sequence[Proposal], behaviour: str, judged: e.PatchJudged) -> None:
        """Take in what became of a patch: ask where it is weak, or let one of two that wait give way."""
        incident = self._state.incidents[patch.incident]
        if proposal.rule == RULE:
            self._spawn(self._settle(patch.incident), f"The choice between the patches of {patch.incident}")
        elif judged.verdict == "reject" and not others:
            self._ask_once(incident, [proposal], [], {proposal.key: judged.reason})
        elif judged.verdict != "reject" and judged.confidence < ENOUGH:
            why = judged.bound or f"it may be right: its confidence is {judged.confidence:.2f}"
            self._ask_once(incident, [proposal, *others], [Rival(proposal.prior, behaviour)], {proposal.key: why})

    def _ask_once(self, incident: Incident, tried: Sequence[Proposal], rivals: list[Rival], failed: dict[str, str]) -> None:
        before = any(patch.rule == RULE for patch in self._state.patches.values() if patch.incident == incident.id)
        if not self._proposer.configured or not incident.file or incident.id in self._asked or before:
            return
        while len(self._asked) >= MAX_INCIDENTS:
            self._asked.pop(next(iter(self._asked)))
        self._asked[incident.id] = rivals
        self._spawn(self._ask(incident, tried, failed), f"The question to the model about {incident.id}")

    async def _ask(self, incident: Incident, tried: Sequence[Proposal], failed: dict[str, str]) -> None:
        request = ProposeRequest(root=self._root, failure=incident.sample, surroundings=await self._facts(incident.target))
        diagnosis = await self._proposer.propose(request, tried, self._past_fixes(incident), failed=failed)
        for step, text in diagnosis.thoughts:
            await self._say(incident.id, step, text)
        proposal = next(iter(diagnosis.proposals), None)
        now = self._state.incidents[incident.id]
        if proposal is None or now.state != "open":
            return
        same = next((patch for patch in self._of(incident.id) if _same(patch, proposal)), None)
        if same is not None:
            await self._say(incident.id, "found", f"the model proposes what {same.id} does")
        else:
            await self._propose(now, proposal)

    async def _settle(self, incident: str) -> None:
        """Leave one of the patches that wait: the one with the highest confidence, of equal ones the earlier."""
        waiting = sorted((patch for patch in self._of(incident) if patch.state == "waiting"), key=lambda patch: -(patch.confidence or 0.0))
        for patch in waiting[1:]:
            best = waiting[0]
            reason = f"{best.id} holds better: confidence {best.confidence or 0.0:.2f} against {patch.confidence or 0.0:.2f}"
            if self._state.patches[patch.id].state == "waiting" and self._state.patches[best.id].state == "waiting":
                await self._journal.append(e.PatchStale(patch=patch.id, reason=reason), actor=ACTOR)

    def _of(self, incident: str) -> list[Patch]:
        return [patch for patch in self._state.patches.values() if patch.incident == incident]

    def _past_fixes(self, incident: Incident) -> list[PastFix]:
        """Return how incidents like this one were repaired, by patches that are live."""
        found: list[PastFix] = []
        for other, _ in similar(incident, list(self._state.incidents.values())):
            patch = next((item for item in self._of(other.id) if item.state == "live"), None)
            files = self._files(patch) if patch is not None and len(found) < MAX_FIXES else {}
            if files:
                found.append(PastFix(error=f"{other.error_class}: {other.message[:200]}", files=files))
        return found

    def _files(self, patch: Patch) -> dict[str, tuple[bytes, bytes]]:
        """Return the contents of the files that a patch changed; new ones, which are tests, are left out."""
        try:
            return {item.path: (self._journal.blob(item.base_sha256), self._journal.blob(item.new_sha256)) for item in patch.files if item.base_sha256}
        except NexoideError:
            return {}


def _same(patch: Patch, proposal: Proposal) -> bool:
    """Say whether a patch makes the changes of a proposal; the test that was added to it does not count."""
    wanted = {(path, hashlib.sha256(new).hexdigest()) for path, (_, new) in proposal.files.items()}
    return {(file.path, file.new_sha256) for file in patch.files if file.base_sha256} == wanted
