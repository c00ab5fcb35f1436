"""The blocking client: what the command line uses; on the standard library alone, so that a command starts at once."""

from __future__ import annotations

import http.client
import socket as sockets
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from nexoide.client import requests
from nexoide.client.answers import CONNECT_SECONDS, absent, check_socket, error_of
from nexoide.client.requests import IncidentFilter, Request, TargetVerb
from nexoide.errors import UnavailableError
from nexoide.model.analysis import Analysis
from nexoide.model.commands import AuditAnswer, DecideCommand, Decided, ExplainCommand, IncidentAnswer, IncidentCommand, Reported, StatusAnswer
from nexoide.model.details import IncidentDetails
from nexoide.model.event import Event
from nexoide.model.incident import Incident
from nexoide.model.patch import Patch
from nexoide.model.reload import Explanation, Reload
from nexoide.model.target import OutputPiece, TargetDetail, TargetStatus

T = TypeVar("T")
ANY = IncidentFilter()


class _Connection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, socket: Path, seconds: float) -> None:
        super().__init__("nexoide", timeout=seconds)
        self._path = socket

    def connect(self) -> None:
        self.sock = sockets.socket(sockets.AF_UNIX, sockets.SOCK_STREAM)
        self.sock.settimeout(CONNECT_SECONDS)
        self.sock.connect(str(self._path))
        self.sock.settimeout(self.timeout)


class Control:
    """The commands of `Client`, blocking; each uses a connection of its own and raises the same errors."""

    def __init__(self, socket: Path) -> None:
        self.socket = socket

    def _ask(self, request: Request[T]) -> T:
        check_socket(self.socket)
        connection = _Connection(self.socket, request.seconds)
        try:
            try:
                connection.connect()
            except OSError:
                raise absent(self.socket) from None
            headers = {"content-type": "application/json"} if request.body else {}
            connection.request(request.method, request.path, body=request.body or None, headers=headers)
            answer = connection.getresponse()
            body = answer.read()
        except TimeoutError:
            raise UnavailableError(f"The supervisor did not answer within {request.seconds:g} s: look at its log; it may still do what was asked.") from None
        except (OSError, http.client.HTTPException):
            raise UnavailableError("The supervisor closed the connection before it answered: run 'nexoide status' to see what became of it.") from None
        finally:
            connection.close()
        if not 200 <= answer.status < 300:
            raise error_of(answer.status, body)
        return request.read(body)

    def status(self) -> StatusAnswer:
        """Return what is true now."""
        return self._ask(requests.status())

    def incidents(self, wanted: IncidentFilter = ANY) -> list[Incident]:
        """Return the incidents that a filter lets through, in order of appearance."""
        found: list[Incident] = []
        while page := self._ask(requests.incidents(wanted, found[-1].id if found else "")):
            found += page
        return found

    def incident_rates(self, seconds: float, bars: int) -> dict[str, list[int]]:
        """Return the occurrences of each incident in the last seconds, in so many bars, the newest last; quiet ones are left out."""
        return self._ask(requests.incident_rates(seconds, bars))

    def incident(self, incident_id: str) -> IncidentDetails:
        """Return one incident with its patches, its rate and what is like it."""
        return self._ask(requests.incident(incident_id))

    def incident_action(self, incident_id: str, command: IncidentCommand) -> IncidentAnswer:
        """Ignore, resolve, reopen, merge or split an incident."""
        return self._ask(requests.incident_action(incident_id, command))

    def analysis(self, seconds: float) -> Analysis:
        """Return what the journal says of the last seconds."""
        return self._ask(requests.analysis(seconds))

    def patch(self, patch_id: str) -> Patch:
        """Return one patch."""
        return self._ask(requests.patch(patch_id))

    def blob(self, sha256: str) -> bytes:
        """Return the bytes with that hash, verified; raises CorruptJournalError where they are others."""
        return self._ask(requests.blob(sha256))

    def approve(self, patch_id: str, command: DecideCommand) -> Decided:
        """Approve a patch; returns when it is deployed or was undone."""
        return self._ask(requests.decide("approve", patch_id, command))

    def reject(self, patch_id: str, command: DecideCommand) -> Decided:
        """Reject a patch."""
        return self._ask(requests.decide("reject", patch_id, command))

    def revert(self, patch_id: str, command: DecideCommand) -> Decided:
        """Revert a deployed patch."""
        return self._ask(requests.decide("revert", patch_id, command))

    def reloads(self) -> list[Reload]:
        """Return the newest reloads that saves caused, oldest first."""
        return self._ask(requests.reloads())

    def reload(self, reload_id: str) -> Reload:
        """Return one reload."""
        return self._ask(requests.reload(reload_id))

    def explain(self, command: ExplainCommand) -> list[Explanation]:
        """Return what a reload would do in every live process, one explanation a target."""
        return self._ask(requests.explain(command))

    def audit(self) -> AuditAnswer:
        """Verify the journal's chain."""
        return self._ask(requests.audit())

    def journal(self, after: int = 0, limit: int = 1000) -> list[Event]:
        """Return at most `limit` events after sequence number `after`."""
        return self._ask(requests.journal(after, limit))

    def target_log(self, name: str, lines: int = 100) -> list[str]:
        """Return the last lines that a target printed."""
        return self._ask(requests.target_log(name, lines))

    def target_detail(self, name: str, lines: int = 10) -> TargetDetail:
        """Return how a target stands this moment, and its last lines."""
        return self._ask(requests.target_detail(name, lines))

    def output(self, names: Sequence[str], lines: int = 100) -> list[OutputPiece]:
        """Return the last lines that targets printed; none named: all."""
        return self._ask(requests.output(names, lines))

    def target_action(self, name: str, action: TargetVerb) -> TargetStatus:
        """Start, stop or restart a target."""
        return self._ask(requests.target_action(name, action))

    def report(self, failures: Sequence[object]) -> Reported:
        """Send failures that were read elsewhere to the feed; at most 1 MiB of them at a time."""
        return self._ask(requests.report(failures))

    def shutdown(self) -> None:
        """Ask the supervisor to stop its targets and itself; returns when it has taken the request."""
        self._ask(requests.shutdown())
