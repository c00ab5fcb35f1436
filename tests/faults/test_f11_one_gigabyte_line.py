"""F11: a line of a gigabyte in a target's log costs neither memory nor time to show."""

from __future__ import annotations

import os
import resource
import sys
import time
from pathlib import Path

from nexoide.supervisor.processes import start
from nexoide.supervisor.target_logs import cap_log, tail
from nexoide.supervisor.target_space import dropped
from tests.unit.supervisor.test_processes import spec

GIGABYTE = 1 << 30


def test_its_end_is_shown_and_said_to_be_cut(tmp_path: Path):
    log = tmp_path / "log"
    with log.open("wb") as file:
        file.write(b"before\n")
        file.truncate(GIGABYTE)  # zeros: sparse on the disk, a line of NULs to whoever reads it
        file.seek(0, os.SEEK_END)
        file.write(b"the end")
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    (line,) = tail(log, 100)
    assert time.monotonic() - began < 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 << 10  # ru_maxrss is in KiB
    assert line.startswith("(a line of more than 65536 bytes; its end) ")
    assert line.endswith("the end")
    assert len(line) < 5000
    dropped = cap_log(log)
    assert dropped > GIGABYTE - (9 << 20)
    assert log.stat().st_size < 9 << 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40 << 10


async def test_a_program_that_prints_a_hundred_megabytes_without_a_newline(tmp_path: Path):
    process = start(spec(tmp_path, sys.executable, "-c", "import sys\nfor _ in range(100): sys.stdout.write('x' * (1 << 20))\nprint('\\nend')"))
    assert await process.wait() == 0
    assert (tmp_path / "shop.log").stat().st_size == (100 << 20) + 5
    first, last = tail(tmp_path / "shop.log", 2)
    assert last == "end"
    assert len(first) < 5000
    await start(spec(tmp_path, "true")).wait()  # a start looks at the size, too
    assert (tmp_path / "shop.log").stat().st_blocks * 512 <= 64 << 20  # its middle is given back to the disk, offsets stay
    assert dropped(tmp_path / "shop.log").bytes >= 36 << 20
    assert tail(tmp_path / "shop.log", 2)[1] == "end"
