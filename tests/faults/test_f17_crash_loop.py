"""F17: a program that exits at once is started five times within ten seconds, then only the operator starts it again."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nexoide.supervisor.targets.pacing import Backoff
from nexoide.workspace import Workspace
from tests.unit.supervisor.test_targets import Bench

CRASH = "import os,sys; open('starts','a').write('x'); print('Traceback'); sys.exit('ImportError: no module named cart')"


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runtime: Path) -> AsyncIterator[Bench]:
    monkeypatch.setenv("NEXOIDE_RUNTIME_DIR", str(runtime))
    Workspace(tmp_path).make_folders()
    made = Bench(tmp_path)
    made.backoff = Backoff()
    yield made
    for targets in made.made:
        await targets.stop_all()


async def test_five_starts_with_growing_pauses_then_given_up_until_the_operator_acts(bench: Bench):
    starts = bench.workspace.root / "starts"
    targets = bench.targets(CRASH)
    began = time.monotonic()
    await targets.start_all()
    status = await bench.until(lambda status: status.state == "given_up")
    assert time.monotonic() - began > (0.1 + 0.2 + 0.4 + 0.8) / 2
    assert starts.read_text() == "xxxxx"
    assert (status.restarts, status.exit_code, status.pid) == (4, 1, 0)
    assert status.note.startswith("given up after 5 starts within 10 s: shop exited with code 1 at once (")
    assert "ImportError: no module named cart" in status.note
    assert status.note.endswith("mend it, then start it again")
    assert set(status.tail) == {"Traceback", "ImportError: no module named cart"}
    loops = [told.note for told in bench.told if told.state == "starting" and "crashes in a loop" in told.note]
    assert [note.partition(" starts in")[0] for note in loops] == ["shop crashes in a loop: 3", "shop crashes in a loop: 4"]
    assert "each exited with code 1: ImportError: no module named cart; starts again in" in loops[0]
    assert "it crashes in a loop, each time the same way" in status.note
    pauses = [float(told.note.rpartition(" in ")[2].removesuffix(" s")) for told in bench.told if told.state == "starting"]
    assert len(pauses) == 4
    assert all(low <= pause <= high for pause, (low, high) in zip(pauses, [(0, 0.1), (0.1, 0.2), (0.2, 0.4), (0.4, 0.8)], strict=True))
    await asyncio.sleep(0.3)
    assert starts.read_text() == "xxxxx"
    targets.backoff.first = 0.01
    assert (await targets.start("shop")).state == "running"
    bench.told.clear()
    assert (await bench.until(lambda status: status.state == "given_up")).restarts == 4
    assert starts.read_text() == "x" * 10


async def test_a_supervisor_that_crashed_does_not_begin_the_loop_again(bench: Bench):
    bench.backoff = Backoff(first=0.01)
    first = bench.targets(CRASH)
    await first.start_all()
    known = await bench.until(lambda status: status.state == "given_up")
    second = bench.targets(CRASH)
    await second.start_all({"shop": known}, crashed=True)
    assert second.status("shop").state == "given_up"
    assert (bench.workspace.root / "starts").read_text() == "xxxxx"


async def test_a_command_that_is_gone_is_not_tried_twice(bench: Bench):
    targets = bench.targets(command=(f"{sys.executable}-gone",))
    await targets.start_all()
    assert (targets.status("shop").state, targets.status("shop").restarts) == ("given_up", 0)


async def test_each_crash_of_the_loop_is_counted_in_the_feed_and_all_are_alike(bench: Bench):
    bench.backoff = Backoff(first=0.01)
    targets = bench.targets("import sys; sys.exit('no config')")
    await targets.start_all()
    await bench.until(lambda status: status.state == "given_up")
    await targets.stop_all()
    assert [failure.log_message for failure in bench.failures] == ["shop exited with code 1: no config"] * 5
    assert targets.status("shop").state == "given_up"


async def test_twenty_ends_are_no_loop_where_each_lived_long_enough(bench: Bench):
    bench.backoff = Backoff(first=0.001, last=0.001)
    targets = bench.targets("import time; time.sleep(0.06)", restart={"policy": "always", "max_starts": 3, "window_seconds": 0.05})
    await targets.start_all()
    status = await bench.until(lambda status: status.restarts == 20 and status.state == "running")
    assert status.starts <= 2
    assert all(told.state != "given_up" and "loop" not in told.note for told in bench.told)
