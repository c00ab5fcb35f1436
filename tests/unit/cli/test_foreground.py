"""A program in the foreground: only what its own supervisor says is printed, and its end ends it."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from nexoide.cli.foreground import _Follower, _shell_code
from nexoide.clock import SystemClock
from nexoide.errors import UnavailableError
from nexoide.journal.journal import Journal
from nexoide.model import event as e
from nexoide.model.event import Body
from nexoide.model.target import TargetStatus
from nexoide.workspace import Workspace
from tests.unit.api.standin import StandIn, an_incident, served


def _started(pid: int) -> e.SupervisorStarted:
    return e.SupervisorStarted(pid=pid, version="1", workspace="w", project="p", branch="main", policy="review", has_git=False)


def _target(state: str, code: int | None = None, name: str = "app") -> e.TargetChanged:
    return e.TargetChanged(target=TargetStatus(name=name, command=("x",), state=state, exit_code=code))


@asynccontextmanager
async def _plane(where: Workspace, *bodies: Body) -> AsyncIterator[tuple[Journal, asyncio.Event]]:
    where.make_folders()
    journal = Journal.open(where.journal, clock=SystemClock())
    try:
        await journal.append(*bodies, actor="supervisor")
        async with served(StandIn(journal), where.socket) as stop:
            yield journal, stop
    finally:
        await journal.close()


@pytest.fixture
def where(tmp_path: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("NEXOIDE_RUNTIME_DIR", str(runtime))
    return Workspace(tmp_path.resolve())


async def test_earlier_runs_are_neither_printed_nor_taken_for_this_one(where: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    earlier = (_started(6), _target("exited", 9))
    async with _plane(where, *earlier, _started(7), _target("running")) as (journal, _):
        follower = _Follower(7, "app", as_json=True)
        following = asyncio.create_task(follower.follow(where))
        await journal.wait_beyond(3)
        await journal.append(_target("exited", 1, name="other"), _target("exited", 3), actor="supervisor")
        await asyncio.wait_for(following, 20)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["seq"] for line in lines] == [3, 4, 5, 6]
    assert follower.code == 3


async def test_the_patches_of_its_last_words_are_waited_for(where: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    async with _plane(where, _started(7), e.IncidentOpened(incident=an_incident()), _target("exited", -9)) as (journal, _):
        follower = _Follower(7, "app", as_json=False)
        following = asyncio.create_task(follower.follow(where))
        while follower.code == 0:
            await asyncio.sleep(0.01)
        assert not following.done()
        from dataclasses import replace

        note = replace(an_incident(), note="nothing fits")
        await journal.append(e.IncidentOpened(incident=note), actor="supervisor")
        await asyncio.wait_for(following, 20)
    assert follower.code == 137
    assert "incident.opened" in capsys.readouterr().out


async def test_a_supervisor_that_goes_away_is_an_error(where: Workspace) -> None:
    async with _plane(where, _started(7)) as (_, stop):
        following = asyncio.create_task(_Follower(7, "app", as_json=True).follow(where))
        await asyncio.sleep(0.1)
        stop.set()
        with pytest.raises(UnavailableError, match="ended before its program"):
            await asyncio.wait_for(following, 20)


def test_exit_codes_are_a_shells() -> None:
    assert [_shell_code(code) for code in (0, 3, -15, None)] == [0, 3, 143, 1]
    assert os.WEXITSTATUS(_shell_code(3) << 8) == 3
