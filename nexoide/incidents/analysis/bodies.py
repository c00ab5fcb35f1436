"""The parts of events that an analysis looks at; what is not named here is passed over unread, which is most of a journal."""

from __future__ import annotations

import msgspec

from nexoide.model.event import RoutesMeasured


class Envelope(msgspec.Struct, frozen=True):
    """What every event has."""

    ts: float
    kind: str
    body: msgspec.Raw


class NewIncident(msgspec.Struct, frozen=True):
    """Of an incident that opened."""

    id: str
    target: str = ""
    count: int = 1
    first_at: float = 0.0
    last_at: float = 0.0
    routes: dict[str, int] = {}
    requests: int = 0
    state: str = "open"


class Opened(msgspec.Struct, frozen=True):
    """incident.opened."""

    incident: NewIncident


class Occurred(msgspec.Struct, frozen=True):
    """incident.occurred."""

    incident: str
    added: int
    at: float
    routes: dict[str, int] = {}
    requests: int = 0


class Moved(msgspec.Struct, frozen=True):
    """incident.moved."""

    incident: str
    state: str


class Target(msgspec.Struct, frozen=True):
    """Of a target that changed."""

    name: str
    state: str = "stopped"
    restarts: int = 0
    exit_code: int | None = None
    health: str = ""


class TargetChanged(msgspec.Struct, frozen=True):
    """target.changed."""

    target: Target


class NamedPatch(msgspec.Struct, frozen=True):
    """Of a patch that was proposed."""

    id: str
    title: str


class Proposed(msgspec.Struct, frozen=True):
    """patch.proposed."""

    patch: NamedPatch


class NamedDeployment(msgspec.Struct, frozen=True):
    """Of a deployment that began."""

    id: str
    patch: str
    target: str
    action: str


class Deploying(msgspec.Struct, frozen=True):
    """deployment.started."""

    deployment: NamedDeployment


class Live(msgspec.Struct, frozen=True):
    """deployment.live."""

    deployment: str


class SavedName(msgspec.Struct, frozen=True):
    """Of a file that was saved."""

    path: str


class NamedReload(msgspec.Struct, frozen=True):
    """Of a reload that began."""

    id: str
    target: str
    files: tuple[SavedName, ...] = ()


class Reloading(msgspec.Struct, frozen=True):
    """reload.started."""

    reload: NamedReload


class Reloaded(msgspec.Struct, frozen=True):
    """reload.finished."""

    reload: str
    state: str


class Nothing(msgspec.Struct, frozen=True):
    """An event of which only the time matters."""


BODIES: dict[str, type] = {
    "incident.opened": Opened,
    "incident.occurred": Occurred,
    "incident.moved": Moved,
    "routes.measured": RoutesMeasured,
    "target.changed": TargetChanged,
    "patch.proposed": Proposed,
    "deployment.started": Deploying,
    "deployment.live": Live,
    "reload.started": Reloading,
    "reload.finished": Reloaded,
    "supervisor.started": Nothing,
    "supervisor.stopped": Nothing,
}
