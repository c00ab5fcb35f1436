"""F35: locale C, no colours, a dumb terminal, a storm of size changes: the screen stands, and leaves the terminal clean."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.tui_pty import Terminal

ROOT = str(Path(__file__).resolve().parents[2])
POOR = [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"LC_ALL": "C", "LANG": "C"}, {"TERM": "screen"}, {"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}]


@pytest.mark.parametrize("environment", POOR, ids=lambda value: "-".join(value))
def test_the_screen_is_usable(environment: dict[str, str]) -> None:
    with Terminal([sys.executable, "-m", "tests.tui_fake", "--still"], columns=100, rows=30, env=environment, cwd=ROOT) as terminal:
        terminal.wait_for(b"P-14")
        terminal.press("\r")
        terminal.wait_for(b"Why")
        for columns, rows in ((1, 1), (40, 12), (300, 90), (20, 3), (100, 30)):
            terminal.resize(columns, rows)
        terminal.settle()
        mark = len(terminal.output)
        terminal.press("q")
        assert terminal.wait() == 0
        assert b"\x1b[?1049l" in terminal.output[mark:]
        assert b"Traceback" not in terminal.output
        if "NO_COLOR" in environment:
            colours = {line for line in bytes(terminal.output).split(b"\x1b[") if line.startswith(b"38;2;122;162;247")}
            assert not colours
