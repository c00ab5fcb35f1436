"""The blocking client: what the command line uses; on the standard library alone, so that a command starts at once."""

from __future__ import annotations

import http.client
import socket as sockets
from pathlib import Path
from typing import TypeVar

from nexoide.client import requests
from nexoide.client.answers import CONNECT_SECONDS, absent, check_socket, error_of
from nexoide.client.requests import Request, TargetVerb
from nexoide.errors import UnavailableError
from nexoide.model.commands import AuditAnswer, DecideCommand, Decided, ExplainCommand, StatusAnswer
from nexoide.model.event import Event
from nexoide.model.patch import Patch
from nexoide.model.reload import Explanation, Reload
from nexoide.model.target import TargetStatus

T = TypeVar("T")


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

    def target_action(self, name: str, action: TargetVerb) -> TargetStatus:
        """Start, stop or restart a target."""
        return self._ask(requests.target_action(name, action))

    def shutdown(self) -> None:
        """Ask the supervisor to stop its targets and itself; returns when it has taken the request."""
        self._ask(requests.shutdown())
