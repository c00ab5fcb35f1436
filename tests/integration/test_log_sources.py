"""What targets write into log files and print reaches `take`, once, also over restarts and kill -9 of the supervisor."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from nexoide.clock import SystemClock
from nexoide.config import TargetSettings
from nexoide.errors import UsageError
from nexoide.model.failure import Failure
from nexoide.supervisor.log_sources import PLACES_NAME, LogSources
from nexoide.supervisor.target_logs import cap_log

ROOT = Path(__file__).resolve().parents[2]
TRACEBACK = """Traceback (most recent call last):
  File "/srv/app/shop.py", line 7, in total
    return int(text)
ValueError: invalid literal for int() with base 10: '{}'
"""


def settings(*logs: str, output: bool = True) -> TargetSettings:
    return TargetSettings(command=("true",), logs=logs, output=output)


class Bench:
    """A workspace's folder, its log sources, and what they took."""

    def __init__(self, root: Path) -> None:
        self.root, self.state = root, root / ".nexoide"
        (self.state / "logs").mkdir(parents=True, exist_ok=True)
        self.taken: list[Failure] = []
        self.notices: list[str] = []
        self.tasks: set[asyncio.Task[object]] = set()

    def output(self, target: str) -> Path:
        return self.state / "logs" / f"target-{target}.log"

    def make(self, **targets: TargetSettings) -> LogSources:
        return LogSources(
            root=self.root,
            state=self.state,
            targets=targets,
            output_of=self.output,
            take=lambda failure, count: self.taken.extend([failure] * count),
            notice=self.notices.append,
            clock=SystemClock(),
            keep=lambda work, name: self.tasks.add(asyncio.create_task(work(), name=name)),
        )

    @asynccontextmanager
    async def running(self, **targets: TargetSettings) -> AsyncIterator[LogSources]:
        made = self.make(**targets)
        await made.start()
        try:
            yield made
        finally:
            await made.close()

    async def until(self, look: Callable[[], object], seconds: float = 8.0) -> None:
        deadline = time.monotonic() + seconds
        while not look():
            assert time.monotonic() < deadline, (len(self.taken), self.notices)
            await asyncio.sleep(0.01)

    def values(self, **where: str) -> list[str]:
        """The values in the messages, of failures whose fields are so."""
        found = [failure for failure in self.taken if all(getattr(failure, name) == wanted for name, wanted in where.items())]
        return [failure.exceptions[0].message.rpartition(": ")[2].strip("'") for failure in found]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def write(path: Path, *values: object) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        file.write("".join(TRACEBACK.format(value) for value in values))


async def test_files_and_output_of_each_target(bench: Bench):
    write(bench.root / "logs" / "shop.log", "old")
    write(bench.output("shop"), "printed long ago")
    async with bench.running(shop=settings("logs/shop.log"), mail=settings("logs/mail*", output=False)) as sources:
        write(bench.root / "logs" / "shop.log", 1)
        write(bench.root / "logs" / "mail-7.log", 2, 3)
        write(bench.output("shop"), 4)
        write(bench.output("mail"), "not asked for")
        await bench.until(lambda: len(bench.taken) == 4)
        assert bench.values(target="shop", source="file") == ["1"]
        assert bench.values(target="mail", source="file") == ["2", "3"]
        assert bench.values(target="shop", source="output") == ["4"]
        (from_log,) = [failure for failure in bench.taken if failure.target == "shop" and failure.source == "file"]
        assert from_log.origin.startswith("logs/shop.log")
        assert from_log.pid == 0
        (printed,) = [failure for failure in bench.taken if failure.source == "output"]
        assert printed.origin.startswith("output")
        status = {(source.target, source.kind): source for source in sources.sources()}
        assert status["shop", "log"].failures == 1
        assert status["shop", "log"].note == "shop.log"
        assert status["mail", "log"].failures == 2
        assert status["mail", "log"].counts["files"] == 1
        assert status["shop", "output"].failures == 1
        assert ("mail", "output") not in status


async def test_what_was_written_while_the_supervisor_was_down_is_read_once(bench: Bench):
    log, printed = bench.root / "logs" / "shop.log", bench.output("shop")
    write(log, "old")
    targets = {"shop": settings("logs/*.log")}
    async with bench.running(**targets):
        write(log, 1)
        write(printed, 2)
        await bench.until(lambda: len(bench.taken) == 2)
    write(log, 3)
    log.rename(log.with_suffix(".log.1"))
    write(log, 4)
    write(bench.root / "logs" / "new.log", 5)
    write(printed, 6)
    async with bench.running(**targets):
        await bench.until(lambda: len(bench.taken) == 6)
        write(log, 7)
        await bench.until(lambda: len(bench.taken) == 7)
    async with bench.running(**targets):
        write(log, 8)
        await bench.until(lambda: len(bench.taken) == 8)
    assert sorted(bench.values()) == list("12345678")
    assert (bench.state / PLACES_NAME).stat().st_mode & 0o777 == 0o600


async def test_patterns_that_are_changed_bring_no_history(bench: Bench):
    write(bench.root / "logs" / "a.log", "old")
    write(bench.root / "logs" / "b.txt", "old")
    async with bench.running(shop=settings("logs/a.log")):
        write(bench.root / "logs" / "a.log", 1)
        await bench.until(lambda: len(bench.taken) == 1)
    write(bench.root / "logs" / "a.log", 2)
    async with bench.running(shop=settings("logs/*")):
        await bench.until(lambda: len(bench.taken) == 2)
        write(bench.root / "logs" / "b.txt", 3)
        await bench.until(lambda: len(bench.taken) == 3)
    assert bench.values() == ["1", "2", "3"]


async def test_a_log_of_output_that_is_shortened_is_not_read_twice(bench: Bench):
    printed = bench.output("shop")
    async with bench.running(shop=settings()):
        write(printed, *range(300))
        await bench.until(lambda: len(bench.taken) == 300)
        cap_log(printed, limit=1000, kept=20_000)
        write(printed, 300)
        await bench.until(lambda: len(bench.taken) == 301)
    cap_log(printed, limit=1000, kept=10_000)
    write(printed, 301)
    async with bench.running(shop=settings()):
        await bench.until(lambda: len(bench.taken) == 302)
        write(printed, 302)
        await bench.until(lambda: len(bench.taken) == 303)
    assert bench.values() == [str(number) for number in range(303)]


@pytest.mark.parametrize(
    "rubbish", [b"", b"{", b"[]", b'{"version":2,"sources":{}}', b'{"version":1,"sources":{"shop: output":[{"path":1}]}}', b"\xff" * 100, b"[" * 100_000]
)
async def test_a_file_of_places_that_is_damaged_means_a_first_start(bench: Bench, rubbish: bytes):
    (bench.state / PLACES_NAME).write_bytes(rubbish)
    write(bench.output("shop"), "old")
    async with bench.running(shop=settings()):
        write(bench.output("shop"), 1)
        await bench.until(lambda: bench.taken)
    assert bench.values() == ["1"]


async def test_a_wrong_pattern_is_refused(bench: Bench):
    with pytest.raises(UsageError, match="is no pattern for logs"):
        bench.make(shop=settings("a" * 2000))


async def test_the_end_of_a_supervisor_reads_what_was_written_last(bench: Bench):
    async with bench.running(shop=settings()):
        write(bench.output("shop"), *range(2000))
    assert bench.values() == [str(number) for number in range(2000)]


PROGRAM = """
import asyncio, json, sys
from pathlib import Path
from tests.integration.test_log_sources import Bench, settings
async def main():
    bench = Bench(Path(sys.argv[1]))
    made = bench.make(shop=settings("logs/*.log"))
    await made.start()
    print("ready", flush=True)
    told = 0
    while True:
        await asyncio.sleep(0.005)
        new, told = bench.values()[told:], len(bench.taken)
        if new:
            print(json.dumps(new), flush=True)
asyncio.run(main())
"""
WRITER = """
import sys, time
from tests.integration.test_log_sources import TRACEBACK
with open(sys.argv[1], "a", buffering=1) as file:
    for number in range(int(sys.argv[2]), int(sys.argv[3])):
        file.write(TRACEBACK.format(number))
        time.sleep(0.001)
"""


def started(script: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", script, *map(str, arguments)], stdout=subprocess.PIPE, text=True, cwd=ROOT)


async def told_by(process: subprocess.Popen[str], count: int, seconds: float = 20) -> list[str]:
    """Read what a process printed until it told so many values."""
    assert process.stdout is not None
    found: list[str] = []
    deadline = time.monotonic() + seconds
    while len(found) < count:
        assert time.monotonic() < deadline, len(found)
        line = await asyncio.wait_for(asyncio.to_thread(process.stdout.readline), seconds)
        found += json.loads(line) if line.startswith("[") else []
    return found


async def test_kill_minus_nine_loses_nothing_and_repeats_nothing_that_was_kept(bench: Bench):
    log = bench.root / "logs" / "shop.log"
    write(log, "old")
    first = started(PROGRAM, bench.root)
    assert first.stdout is not None
    assert await asyncio.to_thread(first.stdout.readline) == "ready\n"
    written = started(WRITER, log, 0, 500)
    before = await told_by(first, 500)
    assert await asyncio.to_thread(written.wait, 10) == 0
    places, size = bench.state / PLACES_NAME, log.stat().st_size
    await bench.until(lambda: f'"offset":{size},' in places.read_text())
    os.kill(first.pid, signal.SIGKILL)
    await asyncio.to_thread(first.wait, 10)
    first.stdout.close()
    write(log, *range(500, 600))
    second = started(PROGRAM, bench.root)
    try:
        after = await told_by(second, 100)
        write(log, 600)
        after += await told_by(second, 1)
    finally:
        second.kill()
        await asyncio.to_thread(second.wait, 10)
        assert second.stdout is not None
        second.stdout.close()
    assert before + after == [str(number) for number in range(601)]


async def test_killed_in_the_middle_of_writing_nothing_is_lost(bench: Bench):
    """What was told within the last second may be told again; nothing is missing, whenever the kill comes."""
    log = bench.root / "logs" / "shop.log"
    write(log, "old")
    writing = None
    told: set[int] = set()
    again = 0
    for turn in range(4):
        process = started(PROGRAM, bench.root)
        assert process.stdout is not None
        assert await asyncio.to_thread(process.stdout.readline) == "ready\n"
        if writing is None:
            writing = started(WRITER, log, 0, 2500)
        values: list[str] = []
        while (len(values) < 400) if turn < 3 else ("2499" not in values):
            values += await told_by(process, 1)
        os.kill(process.pid, signal.SIGKILL)
        rest = await asyncio.to_thread(process.stdout.read)
        values += [value for line in rest.splitlines() if line.startswith("[") and line.endswith("]") for value in json.loads(line)]
        await asyncio.to_thread(process.wait, 10)
        process.stdout.close()
        again += len(told.intersection(map(int, values)))
        told.update(map(int, values))
    assert writing is not None
    assert await asyncio.to_thread(writing.wait, 10) == 0
    assert told == set(range(2500))
    assert again < 3 * 1500


async def test_a_line_of_a_gigabyte_zeros_and_bytes_that_are_no_text_between_failures(bench: Bench):
    log = bench.root / "logs" / "shop.log"
    write(log, "old")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with bench.running(shop=settings("logs/*.log")):
        write(log, 1)
        with log.open("ab") as file:
            file.truncate(log.stat().st_size + (1 << 30))
            file.write(b"end of the hole\n")
            for _ in range(64):
                file.write(b"x" * (1 << 20))
            file.write(b"\n" + bytes(range(128, 256)) * 100 + b"\n\0\0\0\n\xff\xfe\x1b[31m\r\n")
        write(log, 2)
        await bench.until(lambda: len(bench.taken) == 2)
    assert bench.values() == ["1", "2"]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 << 10  # ru_maxrss is in KiB
