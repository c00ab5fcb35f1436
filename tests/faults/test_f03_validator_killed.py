"""F03: a sandbox that is killed, cancelled or runs out of time is reported as that, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

from nexoide.sandbox import confinement
from nexoide.sandbox.tests_run import TestReport
from tests.unit.sandbox.helpers import both, copy_in, launcher_of, run_copy

SLOW = "import os, time\ndef test_first(): pass\ndef test_slow():\n    os.fork() or os.setsid()\n    open('reached', 'w').close()\n    time.sleep(60)\n"


def traces() -> tuple[str, list[Path], list[Path], list[str]]:
    """Return what a run could leave: mounts, scratch folders, control groups, children."""
    own = os.getpid()
    mounts = Path("/proc/mounts").read_text(encoding="utf-8")
    scratch = list(Path("/tmp").glob(f"nexoide-sandbox-{own}-*"))
    groups = list(Path("/sys/fs/cgroup").glob(f"*/nexoide-{own}-*"))
    children = Path(f"/proc/{own}/task/{own}/children").read_text(encoding="ascii").split()
    return mounts, scratch, groups, children


async def begun(folder: Path, kind: str) -> tuple[asyncio.Task[TestReport], int]:
    """Start a run; return it and its launcher's process id once its second test runs."""
    await confinement.chosen(launcher_of(kind))
    task = asyncio.ensure_future(run_copy(folder, kind=kind))
    while not (folder / "reached").exists():
        assert not task.done(), await task
        await asyncio.sleep(0.01)
    (pid,) = traces()[3]
    return task, int(pid)


@both
async def test_f03_a_killed_launcher_is_a_run_that_did_not_end(tmp_path: Path, kind: str) -> None:
    before = traces()
    task, pid = await begun(copy_in(tmp_path, {"test_a.py": SLOW}), kind)
    os.kill(pid, signal.SIGKILL)
    found = await task
    assert not found.finished
    assert found.exit_code != 0
    assert found.outcomes == {"test_a.py::test_first": "passed"}
    assert traces() == before


@both
async def test_f03_a_cancelled_run_leaves_nothing(tmp_path: Path, kind: str) -> None:
    before = traces()
    task, _ = await begun(copy_in(tmp_path, {"test_a.py": SLOW}), kind)
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()
    assert traces() == before


@both
async def test_f03_a_run_out_of_time_says_so_and_keeps_what_it_saw(tmp_path: Path, kind: str) -> None:
    before = traces()
    found = await run_copy(copy_in(tmp_path, {"test_a.py": SLOW}), kind=kind, timeout=2.5)
    assert found.timed_out
    assert found.problem == "The tests were stopped after 2.5 s."
    assert found.outcomes == {"test_a.py::test_first": "passed"}
    assert found.seconds < 5
    assert traces() == before
