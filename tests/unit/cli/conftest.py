"""The real control plane on a real socket, in a thread, over a stand-in supervisor and a real journal."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from nexoide.cli.main import main
from nexoide.clock import SystemClock
from nexoide.journal.journal import Journal
from nexoide.model import event as e
from nexoide.model.commands import StatusAnswer
from nexoide.model.failure import Failure, Frame, Raised
from nexoide.model.incident import Incident
from nexoide.model.patch import Evidence, FileChange, Patch, patch_digest
from nexoide.workspace import Workspace
from tests.unit.api.standin import StandIn, served

HOSTILE = "\x1b]52;c;aGk=\x07\x1b[2J"
BEFORE = b"def price(coupon):\n    return coupon.percent\n"
AFTER = f"def price(coupon):\n    if coupon is None:  # {HOSTILE}\n        return 0\n    return coupon.percent\n".encode()


def _incident() -> Incident:
    frame = Frame(file="/w/shop.py", line=2, function="price", source="    return coupon.percent")
    raised = Raised(type="AttributeError", message=f"no percent {HOSTILE}", frames=(frame,))
    sample = Failure(target="shop", pid=1, source="log", at=1.0, exceptions=(raised,))
    return Incident(
        id="I-1",
        fingerprint="abc",
        target="shop",
        error_class="AttributeError",
        message=f"no percent {HOSTILE}",
        file="shop.py",
        line=2,
        function="price",
        first_at=1.0,
        last_at=2.0,
        count=38,
        sample=sample,
    )


def _patch(root: str) -> Patch:
    before, after = (hashlib.sha256(content).hexdigest() for content in (BEFORE, AFTER))
    patch = Patch(
        id="P-1",
        incident="I-1",
        target="shop",
        title="guard the coupon",
        rationale="No coupon takes nothing off.",
        rule="none",
        author="medic",
        base_commit="c" * 40,
        files=(FileChange(path="shop.py", base_sha256=before, new_sha256=after),),
        proposed_at=1.0,
        state="waiting",
        evidence=(Evidence(kind="tests", outcome="passed", summary="21 tests pass"),),
        confidence=0.93,
    )
    return replace(patch, digest=patch_digest(root, patch))


class PlaneSupervisor(StandIn):
    """The stand-in with one incident and one patch whose digest is right."""

    def __init__(self, journal: Journal, root: Path) -> None:
        super().__init__(journal)
        self.root = root
        self.state.patches = {"P-1": _patch(str(root))}
        self.state.incidents = {"I-1": _incident()}

    def status(self) -> StatusAnswer:
        return replace(super().status(), workspace=str(self.root))


@dataclass
class Plane:
    """A workspace whose control plane answers."""

    workspace: Workspace
    supervisor: PlaneSupervisor

    @property
    def option(self) -> list[str]:
        return ["--workspace", str(self.workspace.root)]


async def _serve(workspace: Workspace, ready: Callable[[PlaneSupervisor, Callable[[], None]], None]) -> None:
    journal = Journal.open(workspace.journal, clock=SystemClock())
    supervisor = PlaneSupervisor(journal, workspace.root)
    notices = [e.Notice(level="info", text=f"notice {number} {HOSTILE}") for number in range(1, 6)]
    await journal.append(*notices, actor="supervisor", blobs=[BEFORE, AFTER])
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    try:
        async with served(supervisor, workspace.socket):
            ready(supervisor, lambda: loop.call_soon_threadsafe(stop.set))
            await stop.wait()
    finally:
        await journal.close()


@pytest.fixture(scope="module")
def plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plane]:
    import os
    import tempfile

    root = tmp_path_factory.mktemp("workspace").resolve()
    (root / "nexoide.toml").write_text("")
    started = threading.Event()
    found: list[tuple[PlaneSupervisor, Callable[[], None]]] = []
    before = os.environ.get("NEXOIDE_RUNTIME_DIR")
    with tempfile.TemporaryDirectory(prefix="nx") as runtime:
        os.environ["NEXOIDE_RUNTIME_DIR"] = runtime
        workspace = Workspace(root)
        workspace.make_folders()

        def ready(supervisor: PlaneSupervisor, stop: Callable[[], None]) -> None:
            found.append((supervisor, stop))
            started.set()

        thread = threading.Thread(target=lambda: asyncio.run(_serve(workspace, ready)))
        thread.start()
        try:
            assert started.wait(20)
            yield Plane(workspace, found[0][0])
        finally:
            if found:
                found[0][1]()
            thread.join(20)
            if before is None:
                del os.environ["NEXOIDE_RUNTIME_DIR"]
            else:
                os.environ["NEXOIDE_RUNTIME_DIR"] = before


@dataclass
class Result:
    """What a command ended with and printed."""

    code: int
    out: str
    err: str


@pytest.fixture
def nexoide(capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    """Run a command in this process, as the console script does."""

    def run(*arguments: str | Path) -> Result:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Result(code, printed.out, printed.err)

    return run
