"""A small supervisor with a real journal behind the real API on a real socket."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from nexoide.api.app import create_app
from nexoide.api.serve import bind, serve
from nexoide.clock import SystemClock
from nexoide.errors import ConflictError, NotFoundError
from nexoide.journal.journal import Journal
from nexoide.model import event as e
from nexoide.model.commands import AuditAnswer, DecideCommand, Decided, ExplainCommand, StatusAnswer
from nexoide.model.failure import Failure
from nexoide.model.incident import Incident
from nexoide.model.patch import FileChange, Patch
from nexoide.model.projection import State
from nexoide.model.reload import Explanation
from nexoide.model.target import TargetStatus
from nexoide.supervisor.boundary import TaskRoot
from nexoide.supervisor.incidents import Incidents


def a_patch(name: str = "P-1") -> Patch:
    change = FileChange(path="a.py", base_sha256="0" * 64, new_sha256="1" * 64)
    return Patch(
        id=name,
        incident="I-1",
        target="shop",
        title="t",
        rationale="r",
        rule="x",
        author="medic",
        base_commit="",
        files=(change,),
        proposed_at=1.0,
        digest="d" * 64,
    )


def an_incident() -> Incident:
    sample = Failure(target="shop", pid=1, source="main", at=1.0)
    return Incident(
        id="I-1",
        fingerprint="f",
        target="shop",
        error_class="E",
        message="m",
        file="a.py",
        line=1,
        function="f",
        first_at=1.0,
        last_at=1.0,
        count=1,
        sample=sample,
    )


class Grouping:
    """Keeps what it is told of how failures are to be counted."""

    def __init__(self) -> None:
        self.told: list[tuple[str, ...]] = []

    def tell(self, incident: str) -> None:
        self.told.append(("tell", incident))

    def merge(self, incident: str, into: str) -> None:
        self.told.append(("merge", incident, into))

    def part(self, incident: str) -> tuple[str, ...]:
        self.told.append(("part", incident))
        return ()

    def split(self, incident: Incident, by: str) -> None:
        self.told.append(("split", incident.id, by))


class StandIn:
    """Answers as a supervisor does; the first decision about a patch wins. What is asked of incidents is answered by the real thing."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.state = State()
        self.state.patches["P-1"] = a_patch()
        self.state.incidents["I-1"] = an_incident()
        self.decided: dict[str, tuple[str, DecideCommand, str]] = {}
        self.stops: list[str] = []
        self.actions: list[tuple[str, str]] = []
        self.grouping = Grouping()
        self.incidents = Incidents(
            root=Path("/nonexistent"),
            state=self.state,
            journal=journal,
            repository=None,
            grouper=self.grouping,
            tasks=TaskRoot(journal),
            clock=SystemClock(),
        )
        journal.listen(self.state.apply)

    async def explain(self, command: ExplainCommand) -> tuple[Explanation, ...]:
        return (Explanation(subject=command.patch or ", ".join(command.files), target=command.target or "shop", state="live", summary="a.py: 1 function"),)

    def status(self) -> StatusAnswer:
        seq, head = self.journal.head
        patches, incidents = tuple(self.state.patches.values()), tuple(self.state.incidents.values())
        target = TargetStatus(name="shop", command=("python", "app.py"))
        return StatusAnswer(
            version="1", pid=7, socket="s", workspace="w", policy="review", targets=(target,), incidents=incidents, patches=patches, events=seq, head=head
        )

    async def _decide(self, verb: str, patch_id: str, command: DecideCommand, via: str) -> Decided:
        if patch_id in self.decided:
            raise ConflictError(f"{patch_id} was decided already: nothing was done.")
        self.decided[patch_id] = (verb, command, via)
        return Decided(patch=patch_id, state="live", sentence=f"{verb} done")

    async def approve(self, patch_id: str, command: DecideCommand, via: str) -> Decided:
        return await self._decide("approve", patch_id, command, via)

    async def reject(self, patch_id: str, command: DecideCommand, via: str) -> Decided:
        return await self._decide("reject", patch_id, command, via)

    async def revert(self, patch_id: str, command: DecideCommand, via: str) -> Decided:
        return await self._decide("revert", patch_id, command, via)

    async def audit(self) -> AuditAnswer:
        return await asyncio.to_thread(self.journal.verify, [])

    def request_stop(self, reason: str) -> None:
        self.stops.append(reason)

    async def target_action(self, name: str, action: str) -> TargetStatus:
        if name != "shop":
            raise NotFoundError(f"There is no target {name}.")
        self.actions.append((name, action))
        return TargetStatus(name=name, command=("python",), state="running", pid=5)

    def target_log(self, name: str, lines: int) -> list[str]:
        return [f"{name} {index}" for index in range(lines)]


@contextmanager
def short_folder() -> Iterator[Path]:
    """A private folder with a path short enough for sockets, whatever pytest's own is."""
    folder = Path(tempfile.mkdtemp(prefix="nx"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@asynccontextmanager
async def served(standin: StandIn, socket: Path) -> AsyncIterator[asyncio.Event]:
    """Serve the real app on a real socket; yields what stops it."""
    stop = asyncio.Event()
    task = asyncio.create_task(serve(create_app(standin), bind(socket), stop))
    await asyncio.sleep(0)
    try:
        yield stop
    finally:
        stop.set()
        await task


@asynccontextmanager
async def running() -> AsyncIterator[tuple[StandIn, Path]]:
    """A stand-in with a journal of its own, served."""
    with short_folder() as folder:
        journal = Journal.open(folder / "journal.db", clock=SystemClock())
        standin = StandIn(journal)
        try:
            async with served(standin, folder / "control" / "api.sock"):
                yield standin, folder / "control" / "api.sock"
        finally:
            await journal.close()


async def fill(journal: Journal, count: int, text: str = "n") -> None:
    """Append `count` notices."""
    await journal.append(*[e.Notice(level="info", text=f"{text} {index}") for index in range(count)], actor="test")
