"""What operators say of incidents: ignored, resolved, open again, one with another, or several; journaled as they say it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, get_args

from nexoide.errors import ConflictError, NotFoundError, RefusedError, UsageError
from nexoide.journal.journal import Journal
from nexoide.model import event as e
from nexoide.model.commands import IncidentAnswer, IncidentCommand
from nexoide.model.examination import CommitRef
from nexoide.model.incident import Incident, IncidentState, SplitBy
from nexoide.model.projection import State

MAX_OPERATOR = 80
MAX_REASON = 4000
_WAYS = get_args(SplitBy)


class Grouping(Protocol):
    """What counts failures, and is told how from now on."""

    def tell(self, incident: str) -> None:
        """Emit what was counted and not told yet."""

    def merge(self, incident: str, into: str) -> None:
        """Count one with another."""

    def part(self, incident: str) -> tuple[str, ...]:
        """Count what was merged on its own again."""

    def split(self, incident: Incident, by: str) -> None:
        """Tell further occurrences apart."""


class IncidentDesk:
    """Takes the commands; each is refused in one sentence, or done once: said again, it changes nothing.

    `head` returns what is checked out (it may block), `since` what was committed since an incident was resolved.
    """

    def __init__(
        self,
        *,
        state: State,
        journal: Journal,
        grouper: Grouping,
        head: Callable[[], str] = lambda: "",
        since: Callable[[Incident], Awaitable[tuple[CommitRef, ...]]] | None = None,
    ) -> None:
        self._state, self._journal, self._grouper, self._head, self._since = state, journal, grouper, head, since
        self._lock = asyncio.Lock()

    async def act(self, incident_id: str, command: IncidentCommand, via: str) -> IncidentAnswer:
        """Do what an operator says of an incident and return what became of it.

        Raises NotFoundError for one that is not there, UsageError for a command that makes no sense, RefusedError and
        ConflictError where it cannot be done as things stand.
        """
        operator = command.operator.strip()
        if not operator or len(operator) > MAX_OPERATOR or not operator.isprintable():
            raise UsageError("The operator's name is empty, longer than 80 characters or not printable: say who decides.")
        if len(command.reason) > MAX_REASON:
            raise UsageError(f"The reason is {len(command.reason)} characters long: say it in at most {MAX_REASON}.")
        actions = {
            "ignore": self._ignore,
            "resolve": self._resolve,
            "reopen": self._reopen,
            "merge": self._merge,
            "split": self._split,
            "heal": self._heal,
        }
        async with self._lock:
            return await actions[command.action](self._known(incident_id), command, via)

    async def _ignore(self, incident: Incident, command: IncidentCommand, via: str) -> IncidentAnswer:
        self._require_own(incident)
        if incident.state == "ignored":
            return _answer(incident, "ignored", f"{incident.id} is ignored already.")
        self._require_no_probation(incident)
        ended = await self._move(incident, "ignored", command, via)
        return _answer(incident, "ignored", f"{incident.id} is ignored: it is counted on, and nothing is proposed for it{ended}.")

    async def _resolve(self, incident: Incident, command: IncidentCommand, via: str) -> IncidentAnswer:
        self._require_own(incident)
        if incident.state == "resolved":
            return _answer(incident, "resolved", f"{incident.id} is resolved already.")
        self._require_no_probation(incident)
        head = await asyncio.to_thread(self._head)
        ended = await self._move(incident, "resolved", command, via, commit=head)
        return _answer(incident, "resolved", f"{incident.id} is resolved: should it fail again, it comes back as a regression{ended}.")

    async def _reopen(self, incident: Incident, command: IncidentCommand, via: str) -> IncidentAnswer:
        self._require_own(incident)
        if incident.state == "open":
            return _answer(incident, "open", f"{incident.id} is open already.")
        self._require_no_probation(incident)
        since = await self._since(incident) if self._since is not None and incident.state == "resolved" else ()
        await self._move(incident, "open", command, via, since=since)
        return _answer(incident, "open", f"{incident.id} is open again.")

    async def _heal(self, incident: Incident, command: IncidentCommand, via: str) -> IncidentAnswer:
        """Have an open incident without a patch looked at again: whoever heals takes up what an operator says is open."""
        self._require_own(incident)
        if incident.state != "open":
            raise RefusedError(f"{incident.id} is {incident.state}, and only what is open is healed: 'nexoide incidents reopen {incident.id}' opens it again.")
        active = {"proposed", "waiting", "approved", "live", "not_live"}
        patch = next((p.id for p in self._state.patches.values() if p.incident == incident.id and p.state in active), "")
        if patch:
            return _answer(incident, "open", f"{patch} for {incident.id} is there already.")
        await self._record([e.IncidentMoved(incident=incident.id, state="open", note="")], command, via)
        return _answer(incident, "open", f"{incident.id} is looked at again.")

    async def _merge(self, incident: Incident, command: IncidentCommand, via: str) -> IncidentAnswer:
        if not command.into:
            raise UsageError(f"Say into which incident {incident.id} is to be merged: 'nexoide incidents merge {incident.id} I-2'.")
        whole = self._last(self._known(command.into))
        if incident.state == "merged" and self._last(incident).id == whole.id:
            return _answer(incident, "merged", f"{incident.id} is counted with {whole.id} already.")
        self._require_own(incident)
        if whole.id == incident.id:
            through = f", into which {command.into} was merged before" if command.into != incident.id else ""
            raise RefusedError(f"{incident.id} cannot be merged into itself{through}: name another incident.")
        self._require_no_deployment(incident)
        bodies: list[e.Body] = [e.IncidentMerged(incident=incident.id, into=whole.id, note=_note("merged", command))]
        ended = self._withdraw(incident, f"was merged into {whole.id}, and is healed there", bodies)
        if whole.state == "resolved" and incident.state == "open":
            bodies.append(e.IncidentMoved(incident=whole.id, state="open", note=f"{incident.id}, which is not resolved, was merged into it"))
        await self._record(bodies, command, via, lambda: self._join(incident.id, whole.id))
        total = self._state.incidents[whole.id].count
        return _answer(incident, "merged", f"{incident.id} is counted with {whole.id} from now on, {total:,} failures together{ended}.")

    async def _split(self, incident: Incident, command: IncidentCommand, via: str) -> IncidentAnswer:
        self._require_own(incident)
        return await (self._tell_apart(incident, command, via) if command.by else self._part(incident, command, via))

    async def _part(self, incident: Incident, command: IncidentCommand, via: str) -> IncidentAnswer:
        parted = tuple(other.id for other in self._state.incidents.values() if other.state == "merged" and other.into == incident.id)
        if not parted:
            ways = "|".join(_WAYS)
            raise RefusedError(f"Nothing was merged into {incident.id}, so there is nothing to part: say --by {ways} to tell its failures apart.")

        def part() -> None:
            self._grouper.tell(incident.id)
            self._grouper.part(incident.id)

        await self._record([e.IncidentSplit(incident=incident.id, parted=parted, note=_note("split", command))], command, via, part)
        names = ", ".join(parted)
        return _answer(self._state.incidents[incident.id], incident.state, f"{names} {'are' if len(parted) > 1 else 'is'} on {_own(parted)} again.")

    async def _tell_apart(self, incident: Incident, command: IncidentCommand, via: str) -> IncidentAnswer:
        by = next((way for way in _WAYS if way == command.by), None)
        if by is None:
            raise UsageError(f"An incident is split by {', '.join(_WAYS[:-1])} or {_WAYS[-1]}, not by {command.by[:40]!r}.")
        if incident.split_by == by:
            return _answer(incident, incident.state, f"{incident.id} is split by {by} already.")
        only = {"route": sorted(incident.routes), "target": list(incident.targets or (incident.target,))}.get(by)
        if only is not None and len(only) < 2:
            where = f"came from the {by} {only[0]}" if only and only[0] else f"have no {by}"
            raise RefusedError(f"All failures of {incident.id} {where}, so nothing sets them apart: split it by something else.")
        bodies = [e.IncidentSplit(incident=incident.id, by=by, note=_note("split", command))]
        await self._record(bodies, command, via, lambda: self._grouper.split(incident, by))
        sentence = f"{incident.id} is split by {by}: failures of another {by} than that of its sample open incidents of their own from now on."
        return _answer(incident, incident.state, sentence)

    def _join(self, incident: str, into: str) -> None:
        self._grouper.tell(incident)
        self._grouper.tell(into)
        self._grouper.merge(incident, into)

    async def _move(
        self,
        incident: Incident,
        state: IncidentState,
        command: IncidentCommand,
        via: str,
        *,
        commit: str = "",
        since: tuple[CommitRef, ...] = (),
    ) -> str:
        """Journal a change of state; returns what that ended, as the end of a sentence."""
        note = _note("reopened" if state == "open" else state, command)
        bodies: list[e.Body] = [e.IncidentMoved(incident=incident.id, state=state, note=note, commit=commit, since=since)]
        ended = self._withdraw(incident, f"is {note}", bodies) if state != "open" else ""
        await self._record(bodies, command, via)
        return ended

    def _withdraw(self, incident: Incident, why: str, bodies: list[e.Body]) -> str:
        """Have the patches that wait for a decision end with the incident's being open: deciding on one later would move it again."""
        waiting = [patch.id for patch in self._state.patches.values() if patch.incident == incident.id and patch.state in {"proposed", "waiting"}]
        bodies += [e.PatchStale(patch=patch, reason=f"{incident.id} {why}"[:MAX_REASON]) for patch in waiting]
        return f"; {', '.join(waiting)} became stale with that" if waiting else ""

    async def _record(self, bodies: Sequence[e.Body], command: IncidentCommand, via: str, grouping: Callable[[], None] | None = None) -> None:
        """Journal what was said; `grouping` is done at the same moment, so that no failure is counted on the wrong side of it.

        What the grouper tells first is on its way to the journal as a task by then, and tasks begin in order: ours comes after.
        """
        if grouping is not None:
            grouping()
        recording = self._journal.append(*bodies, actor=f"operator:{command.operator.strip()}", via=via)
        await asyncio.get_running_loop().create_task(recording, name="An operator's word on an incident")

    def _known(self, incident_id: str) -> Incident:
        found = self._state.incidents.get(incident_id)
        if found is None:
            raise NotFoundError(f"There is no incident {incident_id[:80]}: 'nexoide incidents list --all' shows those there are.")
        return found

    def _last(self, incident: Incident) -> Incident:
        """Return the incident that counts for this one, after all merges."""
        for _ in range(len(self._state.incidents)):
            if incident.state != "merged" or incident.into not in self._state.incidents:
                break
            incident = self._state.incidents[incident.into]
        return incident

    def _require_own(self, incident: Incident) -> None:
        if incident.state == "merged":
            whole = self._last(incident).id
            raise ConflictError(f"{incident.id} was merged into {whole}: say it of {whole}, or part them with 'nexoide incidents split {whole}'.")

    def _require_no_probation(self, incident: Incident) -> None:
        if incident.state == "probation":
            patch = next((p.id for p in self._state.patches.values() if p.incident == incident.id and p.state in {"live", "not_live"}), "its patch")
            raise RefusedError(f"{incident.id} is on probation: wait until traffic has proved {patch}, or revert it with 'nexoide patches revert {patch}'.")

    def _require_no_deployment(self, incident: Incident) -> None:
        self._require_no_probation(incident)
        approved = next((p.id for p in self._state.patches.values() if p.incident == incident.id and p.state == "approved"), None)
        if approved is not None:
            raise RefusedError(f"{approved} for {incident.id} is being deployed: merge it once that is done.")


def _answer(incident: Incident, state: str, sentence: str) -> IncidentAnswer:
    return IncidentAnswer(incident=incident.id, state=state, sentence=sentence)


def _own(parted: tuple[str, ...]) -> str:
    return "their own" if len(parted) > 1 else "its own"


def _note(what: str, command: IncidentCommand) -> str:
    reason = " ".join(command.reason.split())
    return f"{what} by {command.operator.strip()}" + (f": {reason}" if reason else "")
