"""F18: ignoring TERM, stopping, forking twice into a session of one's own, closing one's output: it ends, or it is said."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from nexoide.supervisor import processes
from nexoide.supervisor.processes import Process, look, start
from nexoide.supervisor.target_logs import tail
from tests.unit.supervisor.test_processes import spec

MARK = "NEXOIDE_TEST_MARK"
IGNORES = (
    "import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.signal(signal.SIGHUP, signal.SIG_IGN); print('on', flush=True); time.sleep(600)"
)
DAEMON = """
import os, sys, time
if os.fork(): os._exit(0)
os.setsid()
if os.fork(): os._exit(0)
print('daemon', os.getpid(), flush=True)
time.sleep(600)
"""
FAMILY = "import os,time\nfor _ in range(2): os.fork()\nprint('on', os.getpid(), flush=True)\ntime.sleep(600)"


def run(tmp_path: Path, code: str) -> Process:
    return start(spec(tmp_path, sys.executable, "-c", code, env={MARK: str(tmp_path)}, mark=f"{MARK}={tmp_path}"))


async def lines(tmp_path: Path, count: int) -> list[str]:
    async with asyncio.timeout(20):
        while not (log := tmp_path / "shop.log").exists() or log.read_bytes().count(b"\n") < count:
            await asyncio.sleep(0.01)
    return tail(log, 100)


def gone(pid: int) -> bool:
    seen = look(pid)
    return seen is None or seen.state in "ZX"


async def test_term_is_tried_first(tmp_path: Path):
    process = run(tmp_path, "import signal,sys,time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(7)); print('on', flush=True); time.sleep(600)")
    await lines(tmp_path, 1)
    assert await process.stop(10.0) == ()
    assert process.exit_code == 7


async def test_who_ignores_term_is_killed_after_the_grace(tmp_path: Path):
    process = run(tmp_path, IGNORES)
    await lines(tmp_path, 1)
    began = asyncio.get_running_loop().time()
    assert await process.stop(0.3) == ()
    assert 0.3 <= asyncio.get_running_loop().time() - began < 5
    assert process.exit_code == -signal.SIGKILL


async def test_a_stopped_process_ends_without_waiting_for_the_grace(tmp_path: Path):
    process = run(tmp_path, "print('on', flush=True); import time; time.sleep(600)")
    await lines(tmp_path, 1)
    os.kill(process.pid, signal.SIGSTOP)
    assert await process.stop(20.0) == ()
    assert process.exit_code == -signal.SIGTERM


async def test_its_whole_family_ends(tmp_path: Path):
    process = run(tmp_path, FAMILY)
    pids = [int(line.split()[1]) for line in await lines(tmp_path, 4)]
    assert await process.stop(10.0) == ()
    assert all(gone(pid) for pid in pids)


async def test_a_daemon_is_known_as_left_behind_and_ends_too(tmp_path: Path):
    process = run(tmp_path, DAEMON)
    assert await process.wait() == 0
    daemon = int((await lines(tmp_path, 1))[0].split()[1])
    assert not gone(daemon)
    assert daemon in {seen.pid for seen in process.members()}
    assert await process.stop(5.0) == ()
    assert gone(daemon)


async def test_who_closes_its_output_still_runs(tmp_path: Path):
    process = run(tmp_path, "import os,time; print('on', flush=True); os.close(1); os.close(2); time.sleep(600)")
    await lines(tmp_path, 1)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(process.wait(), 0.2)
    assert process.alive
    await process.stop(5.0)


async def test_a_process_that_not_even_kill_ends_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    process = run(tmp_path, IGNORES)
    await lines(tmp_path, 1)
    real = processes.send_signal
    monkeypatch.setattr(processes, "send_signal", lambda seen, number: number != signal.SIGKILL and real(seen, number))
    monkeypatch.setattr(processes, "KILL_ROUNDS", 1)
    assert await process.stop(0.05) == (process.pid,)
    assert process.alive
    monkeypatch.undo()
    assert await process.stop(0.05) == ()


async def test_nobody_else_is_touched(tmp_path: Path):
    process, other = run(tmp_path, FAMILY), start(spec(tmp_path, "sleep", "600"))
    await lines(tmp_path, 4)
    await process.stop(5.0)
    assert other.alive
    assert not gone(other.pid)
    await other.stop(5.0)


async def test_children_in_sessions_of_their_own_and_stopped_ones_end_with_it(tmp_path: Path):
    code = """
import os, signal, subprocess, sys, time
ignore = 'import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print("child", __import__("os").getpid(), flush=True); time.sleep(600)'
child = subprocess.Popen([sys.executable, '-c', ignore], start_new_session=True)
stopped = subprocess.Popen(['sleep', '600'], start_new_session=True)
os.kill(stopped.pid, signal.SIGSTOP)
print('stopped', stopped.pid, flush=True)
time.sleep(600)
"""
    process = run(tmp_path, code)
    pids = [int(line.split()[1]) for line in await lines(tmp_path, 2)]
    assert await process.stop(0.5) == ()
    assert process.exit_code == -signal.SIGTERM
    assert all(gone(pid) for pid in pids)


async def test_a_daemon_that_was_adopted_by_init_is_ended_by_the_next_supervisor_too(tmp_path: Path):
    process = run(tmp_path, DAEMON)
    assert await process.wait() == 0
    daemon = int((await lines(tmp_path, 1))[0].split()[1])
    mark = f"{MARK}={tmp_path}"
    assert [seen.pid for seen in processes.members(None, mark)] == [daemon]
    assert await processes.end(lambda: processes.members(None, mark), 5.0) == ()
    assert gone(daemon)
