"""The asynchronous client: what the screen uses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from nexoide.client import requests
from nexoide.client.answers import CONNECT_SECONDS, HOST, absent, check_socket, error_of
from nexoide.client.requests import IncidentFilter, Request, TargetVerb
from nexoide.client.stream import OnState, follow
from nexoide.errors import UnavailableError
from nexoide.model.analysis import Analysis
from nexoide.model.commands import AuditAnswer, DecideCommand, Decided, ExplainCommand, IncidentAnswer, IncidentCommand, StatusAnswer
from nexoide.model.details import IncidentDetails
from nexoide.model.event import Event
from nexoide.model.incident import Incident
from nexoide.model.patch import Patch
from nexoide.model.reload import Explanation, Reload
from nexoide.model.target import TargetStatus

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
ANY = IncidentFilter()


class Client:
    """The control plane of one workspace, typed; connects when first used.

    Every command raises the error that the supervisor raised (same class, same sentence), UnavailableError where none
    answers and RefusedError where the socket is not ours.
    """

    def __init__(self, socket: Path) -> None:
        self.socket = socket
        self._http: httpx.AsyncClient | None = None

    async def _ask(self, request: Request[T]) -> T:
        import httpx

        check_socket(self.socket)
        if self._http is None:
            transport = httpx.AsyncHTTPTransport(uds=str(self.socket))
            self._http = httpx.AsyncClient(transport=transport, base_url=HOST, trust_env=False)
        timeout = httpx.Timeout(request.seconds, connect=CONNECT_SECONDS)
        headers = {"content-type": "application/json"} if request.body else {}
        try:
            answer = await self._http.request(request.method, request.path, content=request.body, headers=headers, timeout=timeout)
        except httpx.ConnectError:
            raise absent(self.socket) from None
        except httpx.TimeoutException:
            raise UnavailableError(f"The supervisor did not answer within {request.seconds:g} s: look at its log; it may still do what was asked.") from None
        except httpx.TransportError:
            raise UnavailableError("The supervisor closed the connection before it answered: run 'nexoide status' to see what became of it.") from None
        if not answer.is_success:
            raise error_of(answer.status_code, answer.content)
        return request.read(answer.content)

    async def status(self) -> StatusAnswer:
        """Return what is true now."""
        return await self._ask(requests.status())

    async def incidents(self, wanted: IncidentFilter = ANY) -> list[Incident]:
        """Return the incidents that a filter lets through, in order of appearance."""
        found: list[Incident] = []
        while page := await self._ask(requests.incidents(wanted, found[-1].id if found else "")):
            found += page
        return found

    async def incident_rates(self, seconds: float, bars: int) -> dict[str, list[int]]:
        """Return the occurrences of each incident in the last seconds, in so many bars, the newest last; quiet ones are left out."""
        return await self._ask(requests.incident_rates(seconds, bars))

    async def incident(self, incident_id: str) -> IncidentDetails:
        """Return one incident with its patches, its rate and what is like it."""
        return await self._ask(requests.incident(incident_id))

    async def incident_action(self, incident_id: str, command: IncidentCommand) -> IncidentAnswer:
        """Ignore, resolve, reopen, merge or split an incident."""
        return await self._ask(requests.incident_action(incident_id, command))

    async def analysis(self, seconds: float) -> Analysis:
        """Return what the journal says of the last seconds."""
        return await self._ask(requests.analysis(seconds))

    async def patch(self, patch_id: str) -> Patch:
        """Return one patch."""
        return await self._ask(requests.patch(patch_id))

    async def blob(self, sha256: str) -> bytes:
        """Return the bytes with that hash, verified; raises CorruptJournalError where they are others."""
        return await self._ask(requests.blob(sha256))

    async def approve(self, patch_id: str, command: DecideCommand) -> Decided:
        """Approve a patch; returns when it is deployed or was undone."""
        return await self._ask(requests.decide("approve", patch_id, command))

    async def reject(self, patch_id: str, command: DecideCommand) -> Decided:
        """Reject a patch."""
        return await self._ask(requests.decide("reject", patch_id, command))

    async def revert(self, patch_id: str, command: DecideCommand) -> Decided:
        """Revert a deployed patch."""
        return await self._ask(requests.decide("revert", patch_id, command))

    async def reloads(self) -> list[Reload]:
        """Return the newest reloads that saves caused, oldest first."""
        return await self._ask(requests.reloads())

    async def reload(self, reload_id: str) -> Reload:
        """Return one reload."""
        return await self._ask(requests.reload(reload_id))

    async def explain(self, command: ExplainCommand) -> list[Explanation]:
        """Return what a reload would do in every live process, one explanation a target."""
        return await self._ask(requests.explain(command))

    async def audit(self) -> AuditAnswer:
        """Verify the journal's chain."""
        return await self._ask(requests.audit())

    async def journal(self, after: int = 0, limit: int = 1000) -> list[Event]:
        """Return at most `limit` events after sequence number `after`."""
        return await self._ask(requests.journal(after, limit))

    async def target_log(self, name: str, lines: int = 100) -> list[str]:
        """Return the last lines that a target printed."""
        return await self._ask(requests.target_log(name, lines))

    async def target_action(self, name: str, action: TargetVerb) -> TargetStatus:
        """Start, stop or restart a target."""
        return await self._ask(requests.target_action(name, action))

    async def shutdown(self) -> None:
        """Ask the supervisor to stop its targets and itself; returns when it has taken the request."""
        await self._ask(requests.shutdown())

    def stream(self, after: int, on_state: OnState | None = None) -> AsyncIterator[Event]:
        """Yield every event after `after` once, in order, for ever; reconnects by itself (see `stream.follow`)."""
        return follow(self.socket, after, on_state)

    async def aclose(self) -> None:
        """Close the connections; the client may be used again."""
        if self._http is not None:
            await self._http.aclose()
            self._http = None
