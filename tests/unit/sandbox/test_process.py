from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest

from nexoide.errors import UnavailableError
from nexoide.sandbox import process
from nexoide.sandbox.launch import Prepared, plain
from nexoide.sandbox.process import Ended, HeadTail, execute


def prepared(*argv: str, given: tuple[int, ...] = ()) -> Prepared:
    one = plain(list(argv), {"PATH": "/usr/bin:/bin"})
    one.given += given
    return one


def peak_kib() -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0])


async def run(code: str, timeout: float = 20.0, given: tuple[int, ...] = ()) -> Ended:
    one = prepared(sys.executable, "-I", "-S", "-c", code, given=given)
    try:
        return await execute(one, timeout=timeout)
    finally:
        one.close()


def test_a_short_stream_is_kept_whole() -> None:
    kept = HeadTail(4, 4)
    for part in (b"ab", b"cdef", b"g"):
        kept.feed(part)
    assert kept.text() == "abcdefg"


def test_a_long_stream_keeps_head_and_tail_and_counts_the_rest() -> None:
    kept = HeadTail(3, 3)
    for _ in range(1000):
        kept.feed(b"0123456789")
    assert kept.text() == "012\n… 9994 bytes left out …\n789"
    assert kept.total == 10_000


async def test_output_and_code_come_back() -> None:
    ended = await run("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)")
    assert (ended.exit_code, ended.stopped) == (3, "")
    assert "out" in ended.output
    assert "err" in ended.output


async def test_a_line_of_100_mb_costs_no_memory() -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak counts from here
    before = peak_kib()
    ended = await run("import os\nfor _ in range(1600): os.write(1, b'x' * 65536)")
    grown = peak_kib() - before
    assert ended.exit_code == 0
    assert f"{1600 * 65536 - 6144} bytes left out" in ended.output
    assert grown < 20 * 1024


async def test_endless_output_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "MAX_OUTPUT", 8 * 1024 * 1024)
    ended = await run("import os\nwhile True: os.write(1, b'y\\n' * 32768)")
    assert ended.stopped == "output"


async def test_the_wall_clock_stops_a_sleeper_and_its_children() -> None:
    life, theirs = os.pipe()
    os.set_blocking(life, False)
    started = time.monotonic()
    ended = await run("import os,time\nos.fork()\ntime.sleep(60)", timeout=0.5, given=(theirs,))
    os.close(theirs)
    assert ended.stopped == "timeout"
    assert time.monotonic() - started < 5
    assert os.read(life, 1) == b""  # nobody holds the other end: the whole group is gone
    os.close(life)


async def test_cancelling_ends_the_command() -> None:
    life, theirs = os.pipe()
    task = asyncio.ensure_future(run("import os,time\nos.write(1, b'x')\ntime.sleep(60)", given=(theirs,)))
    await asyncio.sleep(0.2)
    os.close(theirs)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    os.set_blocking(life, False)
    assert os.read(life, 1) == b""
    os.close(life)


async def test_a_launcher_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    one = prepared(str(tmp_path / "missing"))
    try:
        with pytest.raises(UnavailableError, match="could not be started"):
            await execute(one, timeout=1)
    finally:
        one.close()


async def test_no_descriptor_is_left_open() -> None:
    await run("pass")
    before = set(Path("/proc/self/fd").iterdir())
    await run("pass")
    await run("import time; time.sleep(60)", timeout=0.1)
    assert set(Path("/proc/self/fd").iterdir()) == before
