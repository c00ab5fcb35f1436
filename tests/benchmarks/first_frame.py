"""How long until the screen's first frame stands, against a bare Textual app on the same machine, through a real pty.

    .venv/bin/python -m tests.benchmarks.first_frame [--runs 15]

Both are started alternately; what is measured is the wall time from the start of the process until its first text is
on the terminal and the frame around it ended. Prints the medians and their ratio; the budget is 1.6.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

from tests.tui_pty import Terminal

ROOT = Path(__file__).resolve().parents[2]
BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("FIRST FRAME")
Bare().run()
"""
OURS = """
from pathlib import Path
from nexoide.tui.run import run
from nexoide.workspace import Workspace
run(Workspace(Path("/tmp")), "kim")
"""


def first_frame(code: str, marker: bytes, columns: int, rows: int) -> float:
    """Return the seconds until `marker` was written."""
    begin = time.perf_counter()
    with Terminal([sys.executable, "-c", code], columns=columns, rows=rows, cwd=str(ROOT)) as terminal:
        terminal.wait_for(marker)
        return time.perf_counter() - begin


def measure(runs: int, columns: int = 120, rows: int = 36) -> dict[str, float]:
    """Return the medians in milliseconds and their ratio; one run of each first warms the caches."""
    found: dict[str, list[float]] = {"bare": [], "ours": []}
    for number in range(runs + 1):
        for name, code, marker in (("bare", BARE, b"FIRST FRAME"), ("ours", OURS, b"Nothing deployed yet.")):
            took = first_frame(code, marker, columns, rows)
            if number:
                found[name].append(took)
    bare, ours = (statistics.median(found[name]) * 1000 for name in ("bare", "ours"))
    return {"bare_ms": round(bare, 1), "ours_ms": round(ours, 1), "ratio": round(ours / bare, 3), "runs": runs}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=15)
    print(json.dumps(measure(parser.parse_args().runs)))
