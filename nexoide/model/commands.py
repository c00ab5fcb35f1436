"""Commands and answers of the control plane, as the API, the client and the command line share them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from nexoide.model.incident import Incident
from nexoide.model.patch import Patch
from nexoide.model.reload import Reload
from nexoide.model.route import RouteCount
from nexoide.model.target import TargetStatus

_STRICT = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideCommand:
    """Approve, reject or revert the patch whose digest is named; a digest that is not the patch's own is refused.

    `reason` is kept with the decision. `when` says when the running program takes it over (auto, now, quiescent or next_start);
    empty: as the target's settings say.
    """

    digest: str
    operator: str
    reason: str = ""
    when: str = ""


DecideCommand.__pydantic_config__ = _STRICT  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainCommand:
    """Ask what a reload would do: of a patch, or of files (relative to the workspace) as they are on disk; `target` empty: every one."""

    patch: str = ""
    files: tuple[str, ...] = ()
    target: str = ""


ExplainCommand.__pydantic_config__ = _STRICT  # type: ignore[attr-defined]


IncidentAction = Literal["ignore", "resolve", "reopen", "merge", "split", "heal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentCommand:
    """What an operator says of an incident: `into` names the other one of a merge, `by` what a split goes by (empty: undo merges)."""

    action: IncidentAction
    operator: str
    reason: str = ""
    into: str = ""
    by: str = ""


IncidentCommand.__pydantic_config__ = _STRICT  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentAnswer:
    """What became of the incident, in one sentence."""

    incident: str
    state: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """One way in which failures arrive: `name` as `logs/app.log`, `sentry` or `pytest`; what came, and what of it was no failure.

    `kind` is log, output, sentry, posted, probe or pytest; `counts` says further things that were counted, as sessions and transactions.
    """

    name: str
    kind: str
    target: str = ""
    failures: int = 0
    dropped: int = 0
    note: str = ""
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """The answer to failures that were sent: how many were counted, for which incidents (those known at once), and why some were not."""

    accepted: int
    incidents: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The answer to a decision: what state the patch is in now, and one sentence."""

    patch: str
    state: str
    sentence: str
    commit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusAnswer:
    """What is true now, in the shape that `nexoide status --json` prints.

    `sentry_dsn` is what a program that uses sentry-sdk is given, `errors_url` where plain JSON is posted; both are empty where
    nothing listens on TCP.
    """

    version: str
    pid: int
    socket: str
    workspace: str
    policy: str
    targets: tuple[TargetStatus, ...]
    incidents: tuple[Incident, ...]
    patches: tuple[Patch, ...]
    reloads: tuple[Reload, ...] = ()
    events: int = 0
    head: str = ""
    sentry_dsn: str = ""
    errors_url: str = ""
    sources: tuple[SourceStatus, ...] = ()
    routes: dict[str, tuple[RouteCount, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditAnswer:
    """The result of verifying the journal's chain: `first_bad` is 0 where every event is what was stored."""

    ok: bool
    events: int
    first_bad: int
    sentence: str
    head: str = ""
