"""What the control plane needs of a supervisor."""

from __future__ import annotations

from typing import Protocol

from nexoide.model.commands import AuditAnswer, DecideCommand, Decided, ExplainCommand, StatusAnswer
from nexoide.model.projection import State
from nexoide.model.reload import Explanation
from nexoide.model.target import TargetStatus
from nexoide.supervisor.incidents import Incidents
from nexoide.supervisor.ingest import Ingest
from nexoide.supervisor.targets.outputs import Outputs


class JournalReader(Protocol):
    """The reading half of `nexoide.journal.Journal`."""

    @property
    def head(self) -> tuple[int, str]:
        """The last sequence number and its hash."""

    def read_raw(self, after: int = 0, limit: int = 1000) -> list[tuple[int, bytes]]:
        """Return sequence numbers and the JSON of the events after `after`."""

    async def wait_beyond(self, seq: int) -> None:
        """Return when the head lies beyond `seq`."""

    def blob(self, sha256: str) -> bytes:
        """Return stored bytes; raises NotFoundError."""


class Supervisor(Protocol):
    """One workspace's supervisor; every method may raise a NexoideError, which becomes the answer."""

    @property
    def state(self) -> State:
        """The fold of all events."""

    @property
    def journal(self) -> JournalReader:
        """The store of all events."""

    @property
    def ingest(self) -> Ingest:
        """Where failures are sent in."""

    @property
    def outputs(self) -> Outputs:
        """What the targets print."""

    @property
    def incidents(self) -> Incidents:
        """What is known and said of incidents."""

    def status(self) -> StatusAnswer:
        """Return what is true now."""

    async def approve(self, patch_id: str, command: DecideCommand, via: str) -> Decided:
        """Commit, reload and watch."""

    async def reject(self, patch_id: str, command: DecideCommand, via: str) -> Decided:
        """Refuse a patch."""

    async def revert(self, patch_id: str, command: DecideCommand, via: str) -> Decided:
        """Undo a deployed patch."""

    async def explain(self, command: ExplainCommand) -> tuple[Explanation, ...]:
        """Say what a reload would do, one explanation a target."""

    async def audit(self) -> AuditAnswer:
        """Verify the journal's chain."""

    def request_stop(self, reason: str) -> None:
        """Begin to stop the targets and the supervisor."""

    async def target_action(self, name: str, action: str) -> TargetStatus:
        """Start, stop or restart a target."""

    def target_log(self, name: str, lines: int) -> list[str]:
        """Return the last lines that a target printed."""
