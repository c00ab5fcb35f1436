"""An incident with what belongs to it, for whoever asks for one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from nexoide.errors import NotFoundError
from nexoide.incidents.similar import similar
from nexoide.model import codec
from nexoide.model.details import IncidentDetails, SimilarIncident
from nexoide.model.incident import Incident
from nexoide.model.projection import State

MAX_SIMILAR = 5
STATUS_BYTES = 4 << 20
"""How much of an answer may be incidents: a client reads at most 8 MiB of one, and a sample alone may have 256 KiB."""
KEPT_FRAMES = 3
_DEPLOYED = frozenset({"live", "not_live"})


def within(incidents: Iterable[Incident], limit: int = STATUS_BYTES) -> tuple[Incident, ...]:
    """Return all incidents, those that changed last whole and, where `limit` bytes of JSON are not enough for all, the others brief.

    A brief one has no examination, and of its sample the exceptions with their last frames, without locals and texts.
    """
    known, left, kept = list(incidents), limit, set()
    for incident in sorted(known, key=lambda one: -one.last_at):
        left -= len(codec.encode(incident))
        if left < 0:
            break
        kept.add(incident.id)
    return tuple(one if one.id in kept else brief(one) for one in known)


def brief(incident: Incident) -> Incident:
    """Return an incident with little of its sample, and nothing of what git knows of it."""
    exceptions = [
        replace(raised, message=raised.message[:200], obj=None, frames=tuple(replace(frame, locals={}, source="") for frame in raised.frames[-KEPT_FRAMES:]))
        for raised in incident.sample.exceptions[:1]
    ]
    sample = replace(incident.sample, exceptions=tuple(exceptions), text="", log_message=incident.sample.log_message[:200])
    routes = dict(sorted(incident.routes.items(), key=lambda item: -item[1])[:KEPT_FRAMES])
    return replace(incident, sample=sample, examination=None, since=(), routes=routes, fingerprints=incident.fingerprints[:KEPT_FRAMES])


class DetailsDesk:
    """Answers from the state; what takes a while is done in a thread."""

    def __init__(self, state: State) -> None:
        self._state = state

    def known(self, incident_id: str) -> Incident:
        """Return one incident; raises NotFoundError."""
        found = self._state.incidents.get(incident_id)
        if found is None:
            raise NotFoundError(f"There is no incident {incident_id[:80]}: 'nexoide incidents list --all' shows those there are.")
        return found

    async def details(self, incident_id: str) -> IncidentDetails:
        """Return an incident with its patches, its rate and what is like it."""
        incident = self.known(incident_id)
        return IncidentDetails(
            incident=incident,
            patches=tuple(patch for patch in self._state.patches.values() if patch.incident == incident_id),
            similar=await self._similar(incident),
            merged=tuple(other.id for other in self._state.incidents.values() if other.state == "merged" and other.into == incident_id),
            rate=dict(self._state.rate.get(incident_id, {})),
        )

    async def _similar(self, incident: Incident) -> tuple[SimilarIncident, ...]:
        others = list(self._state.incidents.values())
        found = await asyncio.to_thread(similar, incident, others, MAX_SIMILAR)
        return tuple(self._likeness(other, score) for other, score in found)

    def _likeness(self, other: Incident, score: float) -> SimilarIncident:
        return SimilarIncident(
            id=other.id,
            score=score,
            state=other.state,
            category=other.category,
            error_class=other.error_class,
            message=other.message,
            file=other.file,
            line=other.line,
            function=other.function,
            count=other.count,
            last_at=other.last_at,
            patches=tuple(patch.id for patch in self._state.patches.values() if patch.incident == other.id and patch.state in _DEPLOYED),
        )
