"""What is written to files is read, once, as it comes; what was there before is not news."""

from __future__ import annotations

import asyncio
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.unit.incidents.files.following import append, following

ROOT = Path(__file__).resolve().parents[4]


async def test_only_what_is_written_from_now_on(tmp_path: Path):
    log = tmp_path / "app.log"
    append(log, "ERR old")
    async with following(tmp_path, "*.log") as seen:
        append(log, "ERR one", "fine", "ERR two")
        await seen.told_all("ERR one", "ERR two")
        append(log, "ERR three")
        await seen.told_all("ERR one", "ERR two", "ERR three")
        assert seen.notices == []


async def test_a_file_that_appears_later_is_read_from_its_beginning(tmp_path: Path):
    async with following(tmp_path, "logs/*.log", "deep/**/x.log") as seen:
        (tmp_path / "logs").mkdir()
        append(tmp_path / "logs" / "a.log", "ERR a")
        append(tmp_path / "logs" / "a.txt", "ERR no")
        await seen.told_all("ERR a")
        (tmp_path / "deep" / "er" / "still").mkdir(parents=True)
        append(tmp_path / "deep" / "er" / "still" / "x.log", "ERR x")
        append(tmp_path / "deep" / "x.log", "ERR y")
        await seen.until(lambda: len(seen.told) == 3)
        assert set(seen.messages) == {"ERR a", "ERR x", "ERR y"}


async def test_everything_where_history_is_asked_for_and_the_rest_as_it_comes(tmp_path: Path):
    append(tmp_path / "app.log.2", "ERR 1")
    append(tmp_path / "app.log.1", "ERR 2")
    append(tmp_path / "app.log", "ERR 3")
    async with following(tmp_path, "app.log*", history=True) as seen:
        await seen.told_all("ERR 1", "ERR 2", "ERR 3")
        append(tmp_path / "app.log", "ERR 4")
        await seen.told_all("ERR 1", "ERR 2", "ERR 3", "ERR 4")


async def test_it_is_told_within_thirty_milliseconds(tmp_path: Path):
    log = tmp_path / "app.log"
    append(log, "begin")
    async with following(tmp_path, "*.log") as seen:
        delays = []
        for number in range(20):
            await asyncio.sleep(0.02)
            began = time.perf_counter()
            append(log, f"ERR {number}")
            while len(seen.told) <= number:
                await asyncio.sleep(0.0005)
            delays.append(time.perf_counter() - began)
    assert sorted(delays)[-2] < 0.03, delays


async def test_nothing_runs_while_nothing_is_written(tmp_path: Path):
    for number in range(50):
        append(tmp_path / f"{number}.log", "fine")
    async with following(tmp_path, "*.log") as seen:
        append(tmp_path / "7.log", "ERR")
        await seen.told_all("ERR")
        turns = 0
        turn = seen.follower._turn

        async def counted() -> None:
            nonlocal turns
            turns += 1
            await turn()

        seen.follower._turn = counted  # type: ignore[method-assign]
        before = resource.getrusage(resource.RUSAGE_SELF)
        await asyncio.sleep(1.5)
        after = resource.getrusage(resource.RUSAGE_SELF)
        assert turns <= 1  # the one that was waiting
        assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.05


async def test_two_thousand_files_with_few_open(tmp_path: Path):
    paths = [tmp_path / f"worker-{number}.log" for number in range(2000)]
    for path in paths:
        append(path, "ERR old")
    began = time.monotonic()
    async with following(tmp_path, ".") as seen:
        assert time.monotonic() - began < 5
        assert len(list(Path("/proc/self/fd").iterdir())) < 400
        for path in paths:
            append(path, f"ERR {path.name}")
        await seen.until(lambda: len(seen.told) == 2000, 15)
        assert set(seen.messages) == {f"ERR {path.name}" for path in paths}
        assert len(list(Path("/proc/self/fd").iterdir())) < 400
        for path in paths[:100]:
            path.rename(path.with_suffix(".old"))
            append(path, "ERR again")
        await seen.until(lambda: len(seen.told) == 2100, 15)


WRITER = """
import sys
name, lines = sys.argv[1], int(sys.argv[2])
with open(sys.argv[3], "a", buffering=1) as file:
    for number in range(lines):
        file.write(f"ERR {name} {number}\\n" if number % 2 else f"fine {name} {number}\\n")
"""


async def test_processes_that_write_at_speed_lose_nothing(tmp_path: Path):
    async with following(tmp_path, "*.log") as seen:
        processes = [subprocess.Popen([sys.executable, "-c", WRITER, str(which), "20000", tmp_path / f"{which % 2}.log"]) for which in range(4)]
        while any(process.poll() is None for process in processes):
            await asyncio.sleep(0.02)
        await seen.until(lambda: len(seen.told) >= 40_000, 15)
        await seen.settled()
        assert sorted(seen.messages) == sorted(f"ERR {which} {number}" for which in range(4) for number in range(1, 20000, 2))


async def test_a_backlog_holds_nobody_up(tmp_path: Path):
    big = tmp_path / "big.log"
    with big.open("wb") as file:
        for _ in range(64):
            file.write(b"nothing to see here, move along\n" * (1 << 15))
    append(big, "ERR end")
    longest = 0.0
    done = asyncio.Event()

    async def pulse() -> None:
        nonlocal longest
        while not done.is_set():
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - began)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    beside = asyncio.create_task(pulse())
    async with following(tmp_path, "*.log", history=True) as seen:
        append(tmp_path / "small.log", "ERR small")
        await seen.until(lambda: len(seen.told) == 2, 20)
        assert seen.messages == ["ERR small", "ERR end"]
    done.set()
    await beside
    assert longest < 0.1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 << 10


async def test_without_notifications_files_are_compared_once_a_second(tmp_path: Path):
    log = tmp_path / "app.log"
    append(log, "ERR old")
    async with following(tmp_path, "*.log", poll=True) as seen:
        append(log, "ERR one")
        await seen.until(lambda: seen.messages == ["ERR one"], 4)
        log.rename(tmp_path / "app.log.1")
        append(tmp_path / "app.log.1", "ERR two")
        append(log, "ERR three")
        append(tmp_path / "new.log", "ERR four")
        await seen.until(lambda: len(seen.told) == 4, 4)
        assert sorted(seen.messages) == sorted(["ERR one", "ERR two", "ERR three", "ERR four"])


LIMITED = """
import asyncio, pathlib, sys
from tests.unit.incidents.files.following import append, following
pathlib.Path("/proc/sys/user/max_inotify_" + sys.argv[2]).write_text(sys.argv[3])
async def main():
    root = pathlib.Path(sys.argv[1])
    for number in range(10):
        append(root / f"{number}.log", "old")
    async with following(root, "*.log") as seen:
        for number in range(12):
            append(root / f"{number}.log", f"ERR {number}")
        await seen.until(lambda: len(seen.told) == 12, 6)
        (root / "3.log").rename(root / "3.log.1")
        append(root / "3.log.1", "ERR rest")
        append(root / "3.log", "ERR new")
        await seen.until(lambda: len(seen.told) == 14, 6)
        assert len(seen.notices) == 1, seen.notices
        print(seen.notices[0])
asyncio.run(main())
"""


@pytest.mark.parametrize(("kind", "value"), [("instances", 0), ("watches", 0), ("watches", 1), ("watches", 5)])
async def test_a_limit_that_is_reached_is_said_and_files_are_compared_instead(tmp_path: Path, kind: str, value: int):
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-Ur", "true"], capture_output=True, check=False).returncode:
        pytest.skip("user namespaces are not to be had here")
    command = ["unshare", "-Ur", sys.executable, "-c", LIMITED, str(tmp_path), kind, str(value)]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=30, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Logs are compared once a second where they cannot be watched: inotify's limit of ")
    assert f"fs.inotify.max_user_{kind}" in done.stdout
