"""Incidents: groups of like failures, and what operators say of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from nexoide.api.answers import JSON, answer, via
from nexoide.api.contract import Supervisor
from nexoide.errors import UsageError
from nexoide.model import codec
from nexoide.model.commands import IncidentAction, IncidentCommand
from nexoide.model.incident import Incident
from nexoide.supervisor.incident_details import brief

PAGE_BYTES = 4 << 20
MAX_FILTERS = 50
MAX_BARS = 100
Names = Annotated[list[str] | None, Query(max_length=MAX_FILTERS)]


def routes(supervisor: Supervisor) -> APIRouter:
    """Return GET incidents, incidents/rates, incidents/{id} and POST incidents/{id}/{action}."""
    router = APIRouter(prefix="/incidents", tags=["incidents"])

    @router.get("")
    async def every(
        state: Names = None,
        category: Annotated[list[str] | None, Query(alias="class", max_length=MAX_FILTERS)] = None,
        target: Names = None,
        since: Annotated[float, Query(ge=0, allow_inf_nan=False)] = 0.0,
        after: Annotated[str, Query(max_length=100)] = "",
        short: bool = False,
    ) -> Response:
        """Answer with those that all filters let through, in order of appearance; at most 4 MiB, the rest `after` the last one.

        `short` leaves out what a list does not show: most of the samples, and what git knows.
        """
        known = list(supervisor.state.incidents.values())
        names = [incident.id for incident in known]
        if after and after not in names:
            raise UsageError(f"There is no incident {after} to go on after: begin anew.")
        start = names.index(after) + 1 if after else 0
        found = (one for one in known[start:] if _let_through(one, state or [], category or [], target or [], since))
        return Response(b"[" + b",".join(_page(map(brief, found) if short else found)) + b"]", media_type=JSON)

    @router.get("/rates")
    async def rates(
        seconds: Annotated[float, Query(ge=1, le=86_400 * 366, allow_inf_nan=False)] = 600.0,
        bars: Annotated[int, Query(ge=1, le=MAX_BARS)] = 12,
    ) -> Response:
        """Answer with the occurrences of each incident in the last seconds, in so many bars of one length, the newest last; quiet ones are left out."""
        began = time.time() - seconds
        found = {name: _bars(buckets, began, seconds / bars, bars) for name, buckets in supervisor.state.rate.items()}
        return answer({name: counts for name, counts in found.items() if any(counts)})

    @router.get("/{incident}")
    async def one(incident: str) -> Response:
        """Answer with the incident's own fields, and with `patches`, `similar`, `merged` and `rate` beside them."""
        found = await supervisor.incidents.details(incident)
        fields = codec.to_builtins(found)
        return answer({**fields.pop("incident"), **fields})

    @router.post("/{incident}/{action}")
    async def act(incident: str, action: IncidentAction, command: IncidentCommand, request: Request) -> Response:
        if command.action != action:
            raise UsageError(f"The path says {action} and the body {command.action}: say the same in both.")
        return answer(await supervisor.incidents.act(incident, command, via(request.scope)))

    return router


def _let_through(incident: Incident, states: list[str], classes: list[str], targets: list[str], since: float) -> bool:
    return (
        (not states or incident.state in states)
        and (not classes or incident.category in classes)
        and (not targets or incident.target in targets or any(name in targets for name in incident.targets))
        and incident.last_at >= since
    )


def _bars(buckets: dict[int, int], began: float, step: float, bars: int) -> list[int]:
    counts = [0] * bars
    for second, count in buckets.items():
        if second + 1 > began:
            counts[max(0, min(int((second - began) / step), bars - 1))] += count
    return counts


def _page(incidents: Iterator[Incident]) -> Iterator[bytes]:
    size = 0
    for incident in incidents:
        raw = codec.encode(incident)
        size += len(raw)
        if size > PAGE_BYTES and size > len(raw):
            return
        yield raw
