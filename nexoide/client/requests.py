"""Every command of the control plane, once: how it is asked and how its answer is read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar
from urllib.parse import quote

from nexoide.client.answers import READ_SECONDS, WORK_SECONDS
from nexoide.errors import CorruptJournalError
from nexoide.model import codec
from nexoide.model.commands import AuditAnswer, DecideCommand, Decided, ExplainCommand, StatusAnswer
from nexoide.model.event import Event
from nexoide.model.patch import Patch
from nexoide.model.reload import Explanation, Reload
from nexoide.model.target import TargetStatus

T = TypeVar("T")
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


def audit() -> Request[AuditAnswer]:
    """Ask to verify the journal's chain."""
    return Request("GET", "/v1/audit", _reader(AuditAnswer), seconds=WORK_SECONDS)


def journal(after: int, limit: int) -> Request[list[Event]]:
    """Ask for the events after a sequence number."""
    return Request("GET", f"/v1/journal?after={after}&limit={limit}", _events)


def target_log(name: str, lines: int) -> Request[list[str]]:
    """Ask for the last lines that a target printed."""
    return Request("GET", f"/v1/targets/{quote(name, safe='')}/log?lines={lines}", _reader(list[str]))


def target_action(name: str, action: TargetVerb) -> Request[TargetStatus]:
    """Start, stop or restart a target."""
    return Request("POST", f"/v1/targets/{quote(name, safe='')}/{action}", _reader(TargetStatus), seconds=WORK_SECONDS)


def shutdown() -> Request[None]:
    """Ask the supervisor to stop its targets and itself."""
    return Request("POST", "/v1/shutdown", _nothing)
