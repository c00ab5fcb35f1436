"""S6: memory, CPU time, file size, open files, processes and scratch space each end where they were said to."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from nexoide.sandbox import cgroup
from nexoide.sandbox.profile import Limits
from tests.unit.sandbox.helpers import BWRAP, both, confined

SMALL = Limits(memory_mb=128, cpu_seconds=1, file_mb=1, open_files=64, processes=30, scratch_mb=8)


@both
async def test_s06_a_memory_bomb_ends_in_an_error_of_its_own(tmp_path: Path, kind: str) -> None:
    code = "kept = []\ntry:\n    while True: kept.append(bytearray(1 << 20))\nexcept MemoryError:\n    n = len(kept); del kept\n    print(n)"
    assert 20 < int((await confined(kind, tmp_path, code, limits=SMALL)).output) < 128


@both
async def test_s06_an_endless_loop_ends_with_its_cpu_time(tmp_path: Path, kind: str) -> None:
    started = time.monotonic()
    ended = await confined(kind, tmp_path, "while True: pass", limits=SMALL)
    assert ended.exit_code in (137, 152)  # SIGKILL or SIGXCPU
    assert time.monotonic() - started < 8


@both
async def test_s06_a_file_ends_at_its_size(tmp_path: Path, kind: str) -> None:
    code = """
f = open('big', 'wb', buffering=0)
f.write(bytes(1 << 20))
try:
    f.write(b'x')
except OSError as error:
    print(error.errno)
"""
    assert (await confined(kind, tmp_path, code, limits=SMALL)).output.strip() == "27"


@both
async def test_s06_open_files_end_at_their_number(tmp_path: Path, kind: str) -> None:
    code = "kept = []\ntry:\n    while True: kept.append(open('/dev/null'))\nexcept OSError as error:\n    print(len(kept) < 64, error.errno)"
    assert (await confined(kind, tmp_path, code, limits=SMALL)).output.split() == ["True", "24"]


def _processes_bind() -> bool:
    group = cgroup.make(1 << 30, 10)
    if group is not None:
        group.close()
    return os.geteuid() != 0 or (group is not None and group.has_pids)


@both
@pytest.mark.skipif(not _processes_bind(), reason="root without a writable pids control group: the report says that processes are not limited")
async def test_s06_a_fork_bomb_stops_and_is_cleared_away(tmp_path: Path, kind: str) -> None:
    code = "import os, time\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        time.sleep(30)"
    before = _running()
    ended = await confined(kind, tmp_path, code, limits=SMALL, timeout=1.0)
    assert ended.stopped == "timeout"
    assert ended.seconds < 4
    assert _running() - before <= 3


def _running() -> int:
    return sum(path.name.isdigit() for path in Path("/proc").iterdir())


@pytest.mark.parametrize("kind", [BWRAP])
@pytest.mark.parametrize("place", ["/tmp", "/dev/shm"])
async def test_s06_scratch_space_is_bounded(tmp_path: Path, kind: str, place: str) -> None:
    code = f"""
n = 0
try:
    while True:
        with open('{place}/%d' % n, 'wb', buffering=0) as f: f.write(bytes(1 << 20))
        n += 1
        assert n < 100
except OSError as error:
    print(n, error.errno)
"""
    count, number = (await confined(kind, tmp_path, code, limits=SMALL)).output.split()
    assert (int(count) <= 8, number) == (True, "28")


@both
@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes control groups here")
async def test_s06_all_processes_together_stay_within_the_memory(tmp_path: Path, kind: str) -> None:
    group = cgroup.make(1 << 30, 10)
    if group is None or not group.has_memory:
        pytest.skip("no writable memory control group")
    group.close()
    code = """
import os, time
for _ in range(6):
    if os.fork() == 0:
        kept = bytearray(b"x") * (100 << 20)
        time.sleep(1)
        os._exit(0)
codes = [os.wait()[1] for _ in range(6)]
print(codes.count(9))
"""
    limits = Limits(memory_mb=300, cpu_seconds=10, scratch_mb=16)
    ended = await confined(kind, tmp_path, code, limits=limits)
    assert ended.exit_code == 137 or int(ended.output) > 0, ended
