"""One incident with what belongs to it: its patches, its rate, and incidents that are like it."""

from __future__ import annotations

from dataclasses import dataclass, field

from nexoide.model.incident import Category, Incident, IncidentState
from nexoide.model.patch import Patch


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarIncident:
    """An incident that is like another: `score` is 0 to 1, `patches` are those of its patches that went live."""

    id: str
    score: float
    state: IncidentState
    category: Category
    error_class: str
    message: str
    file: str
    line: int
    function: str
    count: int
    last_at: float
    patches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDetails:
    """What `nexoide incidents show` tells; `rate` maps seconds (wall time) to occurrences in them, the newest last."""

    incident: Incident
    patches: tuple[Patch, ...] = ()
    similar: tuple[SimilarIncident, ...] = ()
    merged: tuple[str, ...] = ()
    rate: dict[int, int] = field(default_factory=dict)
