"""The medic: the built-in healing agent. It says what it sees, suspects and tries; it proposes and never decides."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from nexoide.clock import Clock
from nexoide.journal.journal import Journal
from nexoide.model import event as e
from nexoide.model.incident import Incident
from nexoide.model.patch import FileChange, Patch
from nexoide.model.projection import State
from nexoide.model.target import Thought
from nexoide.repair.confidence import Rival
from nexoide.repair.service import Diagnosis, Proposal, ProposeRequest, Repairer
from nexoide.supervisor.boundary import TaskRoot
from nexoide.supervisor.facts import Facts
from nexoide.supervisor.model_proposals import SecondOpinion
from nexoide.supervisor.replaying import Replay, Replayer, preferred
from nexoide.supervisor.validation import Validator
from nexoide.vcs.repository import Repository

NAME = "medic"
WORKERS = 2
"""How many processes read source: a thorough search must not hold up the next incident."""
ACTIVE = frozenset({"proposed", "waiting", "approved", "live", "not_live"})
TURNED_DOWN = frozenset({"rejected", "reverted", "invalid"})


class Medic:
    """Takes incidents one after the other: diagnose, propose, validate, weigh, put into the review queue."""

    def __init__(
        self,
        *,
        root: Path,
        state: State,
        journal: Journal,
        repository: Repository | None,
        repairer: Repairer,
        validator: Validator,
        replayer: Replayer,
        facts: Facts,
        clock: Clock,
        tasks: TaskRoot,
    ) -> None:
        self._root, self._state, self._journal, self._repository = root, state, journal, repository
        self._repairer, self._validator, self._clock = repairer, validator, clock
        self._tasks, self._replayer, self._facts = tasks, replayer, facts
        self._numbers = itertools.count(len(state.patches) + 1)
        self.second: SecondOpinion | None = None
        self._queue: asyncio.Queue[str] = asyncio.Queue()
        self._queued: set[str] = set()
        self._thorough: set[str] = set()
        self._replays: asyncio.Queue[tuple[str, Proposal, list[Proposal]]] = asyncio.Queue()
        self._validations: asyncio.Queue[tuple[str, Proposal, list[Proposal], list[Replay]]] = asyncio.Queue()

    def look_at(self, incident: str) -> None:
        """Put an incident into the queue, once; the queue holds names alone, so it is bounded by the incidents."""
        if incident not in self._queued:
            self._queued.add(incident)
            self._queue.put_nowait(incident)

    def noticed(self, event: e.Event) -> None:
        """Look at what an event opened, reopened or left without a patch."""
        body = event.body
        if isinstance(body, e.TargetChanged) and body.target.state == "attached":
            self._tasks.spawn(self._facts.of(body.target.name), f"The facts of {body.target.name}")
        elif isinstance(body, e.IncidentOpened):
            if body.incident.state == "open" and not body.incident.note:
                self.look_at(body.incident.id)
        elif isinstance(body, e.IncidentMoved) and body.state == "open" and event.actor != NAME:
            self.look_at(body.incident)
        elif isinstance(body, e.PatchStale) and body.patch in self._state.patches:
            self.look_at(self._state.patches[body.patch].incident)
        elif isinstance(body, e.DeploymentFailed) and body.deployment in self._state.deployments:
            self.look_at(self._state.deployments[body.deployment].incident)

    def resume(self) -> None:
        """Look at every open incident that nothing was proposed for."""
        handled = {patch.incident for patch in self._state.patches.values() if patch.state in ACTIVE | (TURNED_DOWN - {"invalid"})}
        for incident in self._state.incidents.values():
            if incident.state == "open" and incident.id not in handled and not incident.note:
                self.look_at(incident.id)

    async def run(self) -> None:
        """Work until cancelled: diagnoses are quick and go first, so do replays; validations follow in the order of proposal."""
        for _ in range(WORKERS):
            self._tasks.spawn(self._repairer.prepare(self._root), "The first reading of the project")
        await asyncio.gather(self._loop(self._diagnose_next), self._loop(self._replay_next), self._loop(self._validate_next))

    async def _loop(self, step: Callable[[], Coroutine[Any, Any, None]]) -> None:
        while True:
            await self._tasks.contained(step(), "One patch of the medic")

    async def _diagnose_next(self) -> None:
        incident_id = await self._queue.get()
        self._queued.discard(incident_id)
        incident = self._state.incidents[incident_id]
        if incident.state != "open" or any(p.incident == incident_id and p.state in ACTIVE for p in self._state.patches.values()):
            return
        diagnosis = await self._diagnose(incident)
        if self._state.incidents[incident_id].state != "open":
            return  # an operator ignored, merged or resolved it meanwhile
        fresh = [proposal for proposal in diagnosis.proposals if not self._turned_down(incident_id, proposal)]
        if fresh:
            await self.propose(incident, fresh[0], fresh[1:])
            return
        why = diagnosis.reason or "every change that the rules know for this was turned down before"
        if not (diagnosis.reason and diagnosis.thoughts):  # else the last of its thoughts has said why
            await self.say(incident_id, "found", f"no patch: {why}")
        await self._journal.append(e.IncidentMoved(incident=incident_id, state="open", note=f"no patch: {why}"), actor=NAME)
        if self.second is not None:
            self.second.unanswered(incident, diagnosis)

    async def _diagnose(self, incident: Incident) -> Diagnosis:
        where = f" in {incident.file}:{incident.line}" if incident.file else ""
        await self.say(incident.id, "saw", f"{incident.error_class}{where} · {incident.count}×")
        if not incident.file:
            return Diagnosis(thoughts=(), proposals=(), reason="no frame of it is inside this workspace")
        request = ProposeRequest(root=self._root, failure=incident.sample, surroundings=await self._facts.of(incident.target), thorough=False)
        diagnosis = await self._repairer.diagnose(request)
        self._thorough.discard(incident.id)
        for step, text in diagnosis.thoughts:
            await self.say(incident.id, step, text)
        return diagnosis

    def _turned_down(self, incident: str, proposal: Proposal) -> bool:
        """Return whether the very same bytes were rejected, reverted or did not hold before: a retry needs a human."""
        wanted = {(path, hashlib.sha256(new).hexdigest()) for path, (_, new) in proposal.files.items()}
        for patch in self._state.patches.values():
            if patch.incident == incident and patch.state in TURNED_DOWN and {(file.path, file.new_sha256) for file in patch.files} == wanted:
                return True
        return False

    async def propose(self, incident: Incident, proposal: Proposal, others: list[Proposal]) -> None:
        """Put a repair into the line of those that are tried; `others` are tried where it does not hold."""
        files, blobs = [], []
        for path, (base, new) in sorted(proposal.files.items()):
            files.append(FileChange(path=path, base_sha256=hashlib.sha256(base).hexdigest(), new_sha256=hashlib.sha256(new).hexdigest()))
            blobs += [base, new]
        now = self._clock.wall()
        branch, head = await asyncio.to_thread(self._base)
        patch = Patch(
            id=f"P-{next(self._numbers)}",
            incident=incident.id,
            target=incident.target,
            title=proposal.title,
            rationale=proposal.rationale,
            rule=proposal.rule,
            author=NAME,
            cautions=proposal.cautions,
            alternatives=proposal.alternatives,
            unchecked=proposal.unchecked,
            base_commit=head,
            branch=branch,
            files=tuple(files),
            proposed_at=now,
            latency_ms=max(0.0, (now - incident.first_at) * 1000) if self._is_first(incident) else 0.0,
        )
        await self._journal.append(e.PatchProposed(patch=patch), actor=NAME, blobs=blobs)
        await self._replays.put((patch.id, proposal, others))

    def _base(self) -> tuple[str, str]:
        if self._repository is None:
            return "", ""
        state = self._repository.state()
        return state.ref, state.head

    def _is_first(self, incident: Incident) -> bool:
        return not any(patch.incident == incident.id for patch in self._state.patches.values())

    async def _replay_next(self) -> None:
        patch_id, proposal, others = await self._replays.get()
        patch = self._state.patches[patch_id]
        if patch.state == "proposed" and not await self._tasks.contained(self._replay(patch, proposal, others), f"The replay of {patch_id}"):
            await self._broke_off(patch_id)

    async def _replay(self, patch: Patch, proposal: Proposal, others: list[Proposal]) -> None:
        """Make the failed call again with the repair, then with all others that a thorough search finds, and go on with the best."""
        incident = self._state.incidents[patch.incident]
        replays = await self._replayer.all(incident.sample, [proposal])
        told = replays[0].row.outcome == "passed"
        if told:
            await self._validator.keep(patch, replays[0].row)
        others = await self._searched(incident, proposal, others)
        replays += await self._replayer.all(incident.sample, others)
        better = preferred([proposal, *others], replays)
        if better:
            await self._give_way(patch, proposal, others, better)
            return
        if not told:
            await self._validator.keep(patch, replays[0].row)
        await self._validations.put((patch.id, proposal, others, replays))

    async def _searched(self, incident: Incident, proposal: Proposal, others: list[Proposal]) -> list[Proposal]:
        """Return the other repairs, with those of the rules that search the whole program, which the first diagnosis left out."""
        if proposal.nature == "model" or incident.id in self._thorough:
            return others
        self._thorough.add(incident.id)
        request = ProposeRequest(root=self._root, failure=incident.sample, surroundings=await self._facts.of(incident.target))
        found = await self._repairer.diagnose(request)
        known = {item.key for item in (proposal, *others)}
        return [*others, *(item for item in found.proposals if item.key not in known and not self._turned_down(incident.id, item))]

    async def _validate_next(self) -> None:
        patch_id, proposal, others, replays = await self._validations.get()
        patch = self._state.patches[patch_id]
        if patch.state == "proposed" and not await self._tasks.contained(self._validate(patch, proposal, others, replays), f"The validation of {patch_id}"):
            await self._broke_off(patch_id)

    async def _broke_off(self, patch_id: str) -> None:
        if self._state.patches[patch_id].state == "proposed":
            reason = "its validation broke off; the notices say why"
            judged = e.PatchJudged(patch=patch_id, confidence=0.01, verdict="reject", digest="", reason=reason)
            await self._journal.append(judged, actor=NAME)

    async def _validate(self, patch: Patch, proposal: Proposal, others: list[Proposal], replays: list[Replay]) -> None:
        await self.say(patch.incident, "try", f"{patch.id}: {proposal.title}", patch.id)
        rivals = [Rival(item.prior, replay.behaviour) for item, replay in zip(others, replays[1:], strict=False) if replay.row.outcome != "failed"]
        rivals += [Rival(item.prior, "") for item in others[len(replays) - 1 :]]
        rivals += self.second.rivals(patch, proposal) if self.second is not None else []
        judged = await self._validator.validate(patch, proposal, rivals, replays[0])
        await self._journal.append(judged, actor=NAME)
        if self.second is not None:
            self.second.judged(patch, proposal, others, replays[0].behaviour, judged)
        if judged.verdict == "reject":
            await self.say(patch.incident, "found", f"{patch.id} does not hold: {judged.reason}", patch.id)
            if others and self._state.incidents[patch.incident].state == "open":
                await self.propose(self._state.incidents[patch.incident], others[0], others[1:])
            return
        await self.say(patch.incident, "found", f"{patch.id} holds, confidence {judged.confidence:.2f}", patch.id)
        await self.say(patch.incident, "wait", f"{patch.id} waits for a human", patch.id)

    async def _give_way(self, patch: Patch, proposal: Proposal, others: list[Proposal], better: int) -> None:
        """Let another repair go first, which held up better when the call that failed was made again."""
        chosen = others[better - 1]
        reason = f"another repair held up better when the failed call was made again: {chosen.title}"
        await self._journal.append(e.PatchJudged(patch=patch.id, confidence=0.01, verdict="reject", digest="", reason=reason), actor=NAME)
        await self.say(patch.incident, "found", f"{patch.id} gives way: {chosen.title}", patch.id)
        if self._state.incidents[patch.incident].state == "open":
            rest = [item for item in (*others, proposal) if item is not chosen]
            await self.propose(self._state.incidents[patch.incident], chosen, rest)

    async def say(self, incident: str, step: str, text: str, patch: str = "") -> None:
        """Tell the operator one thought."""
        known = step if step in {"saw", "think", "try", "found", "wait", "done"} else "think"
        thought = Thought(agent=NAME, step=known, text=text, incident=incident, patch=patch, at=self._clock.wall())  # type: ignore[arg-type]
        await self._journal.append(e.ThoughtSpoken(thought=thought), actor=NAME)
