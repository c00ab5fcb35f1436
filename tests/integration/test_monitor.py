"""nexoide monitor in a process of its own: it follows until it is interrupted, as lines, as JSON and as a table on a terminal."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.supervised import wait_for
from tests.unit.cli.test_monitor import traced

COMMAND = [sys.executable, "-m", "nexoide.cli", "monitor"]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    (tmp_path / "logs").mkdir()
    return tmp_path / "logs"


@contextmanager
def monitoring(logs: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([*COMMAND, "--logs", str(logs), *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    assert select.select([process.stdout], [], [], 20)[0], "nothing was printed within 20 s"
    return process.stdout.readline()


def test_json_lines_as_it_comes_through_rotation(logs: Path):
    traced(logs / "app.log", 1)
    with monitoring(logs, "--json") as process:
        first: dict[str, Any] = json.loads(line_of(process))
        assert (first["event"], first["type"], first["function"], first["count"]) == ("opened", "ValueError", "total", 1)
        traced(logs / "app.log", 2)
        (logs / "app.log").rename(logs / "app.log.1")
        traced(logs / "app.log", 3)
        seen = first
        while seen["count"] < 3:
            seen = json.loads(line_of(process))
            assert (seen["event"], seen["fingerprint"]) == ("counted", first["fingerprint"])
        assert [one["origin"] for one in seen["occurrences"]] == [str(logs / "app.log")]
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
        assert (process.returncode, out) == (0, "")
        assert "3 failures of 1 kind " in err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_plain_lines_where_there_is_no_terminal(logs: Path, number: signal.Signals):
    with monitoring(logs) as process:
        traced(logs / "app.log", "\x1b[2J", 2)
        opened = line_of(process)
        assert "new" in opened
        assert "ValueError" in opened
        counted = line_of(process)
        assert "2x" in counted
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
        assert process.returncode == 0
        assert "\x1b" not in opened + counted + out + err


def test_a_table_on_a_terminal(logs: Path):
    traced(logs / "app.log", 1)
    main, other = pty.openpty()
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "COLUMNS": "160", "LINES": "30"}
    process = subprocess.Popen([*COMMAND, "--logs", str(logs)], stdout=other, stderr=other, stdin=other, env=env)
    os.close(other)
    printed = bytearray()

    def shows(wanted: bytes) -> bool:
        while select.select([main], [], [], 0)[0]:
            try:
                printed.extend(os.read(main, 65536))
            except OSError:
                return wanted in printed
        return wanted in printed

    try:
        wait_for(lambda: shows(b"1x"), "the first count", 20)
        traced(logs / "app.log", "\x1b]52;c;aGk=\x07", 3)
        wait_for(lambda: shows(b"3x"), "the new count", 20)
        process.send_signal(signal.SIGINT)
        wait_for(lambda: shows(b"3 failures of 1 kind ") and process.poll() is not None, "the end", 20)
        assert process.returncode == 0
        assert b"\x1b]52" not in printed
    finally:
        process.kill()
        process.wait(10)
        os.close(main)


def test_a_program_that_writes_at_speed_while_its_log_is_rotated(logs: Path):
    script = (
        "import logging, logging.handlers, sys\n"
        "handler = logging.handlers.RotatingFileHandler(sys.argv[1], maxBytes=500_000, backupCount=9)\n"
        "handler.setFormatter(logging.Formatter('%(asctime)s [%(process)d] [%(levelname)s] %(name)s: %(message)s'))\n"
        "log = logging.getLogger('shop'); log.addHandler(handler)\n"
        "def total(text): return int(text)\n"
        "for number in range(5000):\n"
        "    try: total(f'x{number}')\n"
        "    except ValueError: log.exception('cannot total')\n"
    )
    with monitoring(logs, "--json") as process:
        began = time.monotonic()
        subprocess.run([sys.executable, "-c", script, logs / "app.log"], check=True, timeout=60)
        count = 0
        while count < 5000:
            seen = json.loads(line_of(process))
            assert seen["type"] == "ValueError"
            count = seen["count"]
        assert count == 5000
        assert time.monotonic() - began < 60
