"""logs and targets show, against a real supervisor with real programs, in real processes of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from nexoide.cli import logs as module
from tests.support.supervised import REPOSITORY, Supervised, supervised, wait_for

CHATTER = """
import sys, time, pathlib
print("hello \\x1b[31mred\\x1b]52;c;aGk=\\x07 " + "w" * 3000, flush=True)
number = 0
while True:
    if pathlib.Path("say").exists():
        number += 1
        print("line", number, flush=True)
    time.sleep(0.02)
"""
SETTINGS = """
[targets.chatter]
command = [{python!r}, "chatter.py"]
[targets.quiet]
command = [{python!r}, "-u", "-c", "import time; print('one'); print('two'); time.sleep(600)"]
"""


@pytest.fixture
def shop(tmp_path: Path, runtime: Path) -> Iterator[Supervised]:
    root = tmp_path / "w"
    root.mkdir()
    (root / "chatter.py").write_text(CHATTER)
    (root / "nexoide.toml").write_text(SETTINGS.format(python=sys.executable))
    with supervised(root, runtime) as session:
        session.start()
        wait_for(lambda: len(session.control.output([], 10)) == 2 and all(piece.lines for piece in session.control.output([], 10)), "both have printed")
        yield session


def command(shop: Supervised, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "nexoide.cli", *arguments, "--workspace", str(shop.root)]


def nexoide(shop: Supervised, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(shop, *arguments), capture_output=True, text=True, timeout=60, cwd=REPOSITORY)


class Following:
    """`nexoide logs -f` in a process of its own, and what it printed so far."""

    def __init__(self, shop: Supervised, *arguments: str) -> None:
        self.process = subprocess.Popen(command(shop, "logs", "-f", *arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=REPOSITORY)
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        self.lines.extend(iter(self.process.stdout.readline, ""))

    def until(self, text: str) -> None:
        wait_for(lambda: any(text in line for line in list(self.lines)), f"{text!r} in the output", 20)

    def end(self) -> int:
        try:
            return self.process.wait(30)
        finally:
            self.process.kill()
            self.process.wait()
            self._reader.join(5)
            self.process.stdout.close()


def test_the_last_lines_of_all_targets_harmless_and_cut(shop: Supervised):
    found = nexoide(shop, "logs")
    assert (found.returncode, found.stderr) == (0, "")
    first, *rest = found.stdout.splitlines()
    assert first.startswith("chatter | hello ␛[31mred␛]52;c;aGk=␇ www")
    assert "… +" in first
    assert len(first) < 2100
    assert rest == ["quiet   | one", "quiet   | two"]
    assert "\x1b" not in found.stdout


def test_one_target_and_json(shop: Supervised):
    assert nexoide(shop, "logs", "--target", "quiet", "-n", "1").stdout == "two\n"
    rows = [json.loads(line) for line in nexoide(shop, "logs", "--json", "--target", "quiet").stdout.splitlines()]
    assert rows == [{"target": "quiet", "line": "one", "at": None}, {"target": "quiet", "line": "two", "at": None}]
    assert nexoide(shop, "logs", "--target", "supervisor").returncode == 0
    none = nexoide(shop, "logs", "--target", "none")
    assert (none.returncode, none.stderr) == (3, "nexoide: There is no target none; there are: chatter, quiet.\n")


def test_following_goes_on_while_the_supervisor_starts_again_and_says_each_line_once(shop: Supervised):
    following = Following(shop, "--json", "--target", "chatter")
    following.until("hello")
    (shop.root / "say").touch()
    following.until('"line 5"')
    shop.kill()
    following.until('"line 10"')
    shop.start()
    seen = len(following.lines)
    wait_for(lambda: len(following.lines) > seen + 20, "it goes on")
    following.process.send_signal(signal.SIGINT)
    assert following.end() == 0
    rows = [json.loads(line) for line in following.lines]
    assert [row["line"] for row in rows[1:]] == [f"line {number}" for number in range(1, len(rows))]
    assert rows[0]["at"] is None
    assert all(row["at"] > 1e9 for row in rows[1:])


def test_following_ends_with_the_supervisor(shop: Supervised, monkeypatch: pytest.MonkeyPatch):
    following = Following(shop)
    following.until("two")
    began = os.times().elapsed
    shop.stop()
    assert following.end() == 0
    assert os.times().elapsed - began < module.AWAY_SECONDS + 15
    assert "the supervisor ended, and so does this" in following.process.stderr.read()
    following.process.stderr.close()


def test_without_a_supervisor_the_logs_are_read_themselves(shop: Supervised):
    shop.stop()
    found = nexoide(shop, "logs", "--target", "quiet")
    assert (found.returncode, found.stdout) == (0, "one\ntwo\n")
    assert "no supervisor runs" in found.stderr
    assert nexoide(shop, "logs", "--target", "none").returncode == 3
    assert nexoide(shop, "logs", "-f").returncode == 5


def test_one_target_is_shown_with_what_it_uses(shop: Supervised):
    found = nexoide(shop, "targets", "show", "quiet").stdout
    for word in ("target", "quiet", "process", "MiB", "bytes on the disk", "one", "two"):
        assert word in found
    detail = json.loads(nexoide(shop, "targets", "show", "quiet", "--json").stdout)
    assert detail["status"]["name"] == "quiet"
    assert detail["memory_bytes"] > 0
    assert detail["lines"] == ["one", "two"]
    heading, *rows = nexoide(shop, "targets", "list").stdout.splitlines()
    assert heading.split() == ["TARGET", "STATE", "HEALTH", "PID", "UP", "RESTARTS", "NOTE"]
    assert [row.split()[0] for row in rows] == ["chatter", "quiet"]
