"""Every command of the control plane, once: how it is asked and how its answer is read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar
from urllib.parse import quote, urlencode

from nexoide.client.answers import READ_SECONDS, WORK_SECONDS
from nexoide.errors import CorruptJournalError
from nexoide.model import codec
from nexoide.model.analysis import Analysis
from nexoide.model.commands import AuditAnswer, DecideCommand, Decided, ExplainCommand, IncidentAnswer, IncidentCommand, Reported, StatusAnswer
from nexoide.model.details import IncidentDetails, SimilarIncident
from nexoide.model.event import Event
from nexoide.model.incident import Incident
from nexoide.model.patch import Patch
from nexoide.model.reload import Explanation, Reload
from nexoide.model.target import OutputPiece, TargetDetail, TargetStatus

T = TypeVar("T")
REPORT_SECONDS = 5.0
Verb = Literal["approve", "reject", "revert"]
TargetVerb = Literal["start", "stop", "restart"]


@dataclass(frozen=True, slots=True)
class Request(Generic[T]):
    """One command: method, path with query, body, how its answer is read, and how many seconds it may take."""

    method: str
    path: str
    read: Callable[[bytes], T]
    body: bytes = b""
    seconds: float = READ_SECONDS


def _reader(kind: type[T]) -> Callable[[bytes], T]:
    return lambda raw: codec.decode(raw, kind)


def _nothing(raw: bytes) -> None:
    return None


def _events(raw: bytes) -> list[Event]:
    import msgspec

    return [codec.decode_event(bytes(item)) for item in codec.decode(raw, list[msgspec.Raw])]


def status() -> Request[StatusAnswer]:
    """Ask what is true now."""
    return Request("GET", "/v1/status", _reader(StatusAnswer))


def patch(patch_id: str) -> Request[Patch]:
    """Ask for one patch."""
    return Request("GET", f"/v1/patches/{quote(patch_id, safe='')}", _reader(Patch))


def blob(sha256: str) -> Request[bytes]:
    """Ask for the bytes of one version of a file; an answer with another hash raises CorruptJournalError."""

    def verified(raw: bytes) -> bytes:
        found = hashlib.sha256(raw).hexdigest()
        if found != sha256:
            raise CorruptJournalError(f"The stored content {sha256[:12]}… came as {found[:12]}…: run 'nexoide audit verify'.", 0)
        return raw

    return Request("GET", f"/v1/blobs/{quote(sha256, safe='')}", verified)


def decide(verb: Verb, patch_id: str, command: DecideCommand) -> Request[Decided]:
    """Approve, reject or revert a patch."""
    return Request("POST", f"/v1/patches/{quote(patch_id, safe='')}/{verb}", _reader(Decided), codec.encode(command), WORK_SECONDS)


def reloads() -> Request[list[Reload]]:
    """Ask for the newest reloads that saves caused."""
    return Request("GET", "/v1/reload", _reader(list[Reload]))


def reload(reload_id: str) -> Request[Reload]:
    """Ask for one reload."""
    return Request("GET", f"/v1/reload/{quote(reload_id, safe='')}", _reader(Reload))


def explain(command: ExplainCommand) -> Request[list[Explanation]]:
    """Ask what a reload would do in every live process."""
    return Request("POST", "/v1/reload/explain", _reader(list[Explanation]), codec.encode(command), WORK_SECONDS)


@dataclass(frozen=True, slots=True)
class IncidentFilter:
    """Which incidents are meant: of each list that is not empty, one must be the incident's; `since` is in wall seconds.

    `short` asks for them without most of their samples, and without what git knows.
    """

    states: Sequence[str] = ()
    classes: Sequence[str] = ()
    targets: Sequence[str] = ()
    since: float = 0.0
    short: bool = False


def incidents(wanted: IncidentFilter, after: str = "") -> Request[list[Incident]]:
    """Ask for a page of the incidents, in order of appearance; an empty one was the last."""
    filters = (
        ("state", wanted.states),
        ("class", wanted.classes),
        ("target", wanted.targets),
        ("since", [repr(wanted.since)] if wanted.since else []),
        ("short", ["true"] if wanted.short else []),
        ("after", [after] if after else []),
    )
    pairs = [(name, value) for name, values in filters for value in values]
    query = urlencode(pairs)
    return Request("GET", "/v1/incidents" + (f"?{query}" if query else ""), _reader(list[Incident]))


def incident_rates(seconds: float, bars: int) -> Request[dict[str, list[int]]]:
    """Ask for the occurrences of each incident in the last seconds, in so many bars, the newest last; quiet ones are left out."""
    return Request("GET", f"/v1/incidents/rates?seconds={seconds!r}&bars={bars}", _reader(dict[str, list[int]]))


@dataclass(frozen=True, slots=True)
class _Beside:
    """What stands beside an incident's own fields."""

    patches: tuple[Patch, ...] = ()
    similar: tuple[SimilarIncident, ...] = ()
    merged: tuple[str, ...] = ()
    rate: dict[int, int] = field(default_factory=dict)


def _details(raw: bytes) -> IncidentDetails:
    beside = codec.decode(raw, _Beside)
    own = codec.decode(raw, Incident)
    return IncidentDetails(incident=own, patches=beside.patches, similar=beside.similar, merged=beside.merged, rate=beside.rate)


def incident(incident_id: str) -> Request[IncidentDetails]:
    """Ask for one incident with what belongs to it."""
    return Request("GET", f"/v1/incidents/{quote(incident_id, safe='')}", _details)


def incident_action(incident_id: str, command: IncidentCommand) -> Request[IncidentAnswer]:
    """Ignore, resolve, reopen, merge or split an incident."""
    return Request("POST", f"/v1/incidents/{quote(incident_id, safe='')}/{command.action}", _reader(IncidentAnswer), codec.encode(command))


def analysis(seconds: float) -> Request[Analysis]:
    """Ask what the journal says of the last seconds."""
    return Request("GET", f"/v1/analysis?seconds={seconds!r}", _reader(Analysis), seconds=WORK_SECONDS)


def audit() -> Request[AuditAnswer]:
    """Ask to verify the journal's chain."""
    return Request("GET", "/v1/audit", _reader(AuditAnswer), seconds=WORK_SECONDS)


def journal(after: int, limit: int) -> Request[list[Event]]:
    """Ask for the events after a sequence number."""
    return Request("GET", f"/v1/journal?after={after}&limit={limit}", _events)


def target_log(name: str, lines: int) -> Request[list[str]]:
    """Ask for the last lines that a target printed."""
    return Request("GET", f"/v1/targets/{quote(name, safe='')}/log?lines={lines}", _reader(list[str]))


def target_detail(name: str, lines: int) -> Request[TargetDetail]:
    """Ask how a target stands this moment, and for its last lines."""
    return Request("GET", f"/v1/targets/{quote(name, safe='')}?lines={lines}", _reader(TargetDetail))


def output(names: Sequence[str], lines: int) -> Request[list[OutputPiece]]:
    """Ask for the last lines that targets printed; none named: all."""
    query = urlencode([("lines", str(lines)), *(("target", name) for name in names)])
    return Request("GET", f"/v1/logs?{query}", _reader(list[OutputPiece]))


def target_action(name: str, action: TargetVerb) -> Request[TargetStatus]:
    """Start, stop or restart a target."""
    return Request("POST", f"/v1/targets/{quote(name, safe='')}/{action}", _reader(TargetStatus), seconds=WORK_SECONDS)


def report(failures: Sequence[object]) -> Request[Reported]:
    """Send failures that were read elsewhere, as `Failure` or in its JSON's form."""
    return Request("POST", "/v1/failures", _reader(Reported), codec.encode(failures), REPORT_SECONDS)


def shutdown() -> Request[None]:
    """Ask the supervisor to stop its targets and itself."""
    return Request("POST", "/v1/shutdown", _nothing)
