"""F10: a program that prints a million lines: bounded on the disk, exact about what was dropped, and nobody else is kept waiting."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nexoide.supervisor.target_space import dropped, first_whole_line, kept_bytes
from nexoide.supervisor.targets.outputs import Outputs
from nexoide.supervisor.written import Written
from nexoide.workspace import Workspace
from tests.unit.supervisor.test_targets import Bench

LINES = 1_000_000
FLOOD = f"""
import sys
for number in range({LINES}):
    sys.stdout.write('%07d the quick brown fox jumps over the lazy dog, again and again\\n' % number)
"""
MEGABYTES = 4


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runtime: Path) -> AsyncIterator[Bench]:
    monkeypatch.setenv("NEXOIDE_RUNTIME_DIR", str(runtime))
    Workspace(tmp_path).make_folders()
    made = Bench(tmp_path)
    yield made
    for targets in made.made:
        await targets.stop_all()


def memory() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def test_a_million_lines(bench: Bench):
    targets = bench.targets(FLOOD, restart={"policy": "never"}, log_megabytes=MEGABYTES)
    path = targets.log_path("shop")
    before, most, slowest = memory(), 0, 0.0
    peak = before
    loop = asyncio.get_running_loop()
    await targets.start_all()
    while targets.status("shop").state == "running":
        began = loop.time()
        await asyncio.sleep(0.005)
        slowest, most, peak = max(slowest, loop.time() - began - 0.005), max(most, kept_bytes(path)), max(peak, memory())
    await targets.keeper.shorten("shop")
    kept = path.read_bytes()
    whole = kept[first_whole_line(path) :].split(b"\n")[:-1]
    assert [int(line[:7]) for line in whole] == list(range(LINES - len(whole), LINES))
    assert dropped(path).lines == LINES - len(whole) - kept[:4096].count(b"\n")
    assert kept_bytes(path) <= MEGABYTES << 20
    assert targets.detail("shop").dropped_lines == dropped(path).lines
    assert most < 64 << 20, "it was looked at too late"
    assert slowest < 0.5, "the supervisor stood still meanwhile"
    assert peak - before < 20 << 20
    print(f"on the disk at most {most / 1e6:.1f} MB, loop late by at most {slowest * 1000:.0f} ms, memory +{(peak - before) / 1e6:.1f} MB")


async def test_who_follows_gets_every_line_or_is_told_how_many_bytes_are_missing(bench: Bench):
    targets = bench.targets(FLOOD, restart={"policy": "never"}, log_megabytes=1)
    stop = asyncio.Event()
    await targets.start_all()
    seen, missing = 0, 0
    async for piece in Outputs(targets, stop, lambda name: False).follow(["shop"], 0, ["shop:0:0:0:0"]):
        seen, missing = seen + len(piece.lines), missing + piece.dropped
        if piece.lines and piece.lines[-1].startswith(f"{LINES - 1:07d}"):
            stop.set()
    row = len("0000000 the quick brown fox jumps over the lazy dog, again and again\n")
    assert abs(LINES - seen - missing / row) < 2
    assert seen > 0


async def test_a_quiet_program_costs_no_look_at_all(bench: Bench):
    code = "import sys,time; print('up', flush=True); sys.stdin.read(); time.sleep(600)"
    targets = bench.targets(code, log_megabytes=1)
    await targets.start_all()
    looks = 0
    real = targets.keeper.shorten

    async def counted(name: str) -> bool:
        nonlocal looks
        looks += 1
        return await real(name)

    targets.keeper.shorten = counted  # type: ignore[method-assign]
    await asyncio.sleep(2.6)
    before = looks
    await asyncio.sleep(2.5)
    assert looks == before
    with targets.log_path("shop").open("ab") as file:
        file.write(b"x" * (3 << 20))
    async with asyncio.timeout(5):
        while kept_bytes(targets.log_path("shop")) > 1 << 20:
            await asyncio.sleep(0.01)
    assert looks > before


async def test_the_first_write_is_told_and_the_next_ones_are_not(tmp_path: Path):
    written, path = Written(), tmp_path / "log"
    path.touch()
    told = written.arm([path])
    await asyncio.sleep(0.05)
    assert not told.done()
    for _ in range(3):
        with path.open("ab") as file:
            file.write(b"x")
    async with asyncio.timeout(5):
        await told
    again = written.arm([path, tmp_path / "none"])
    async with asyncio.timeout(5):
        await again  # the one that is not there yet is looked at again after a second
    waiting = written.arm([path])
    written.close()
    async with asyncio.timeout(5):
        await waiting
