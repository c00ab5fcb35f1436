"""How long from the closing of a saved file until its burst is handed over, and what a big tree costs.

    .venv/bin/python -m tests.benchmarks.reload.watching [--saves 200] [--folders 5000] [--files 20000]

Saves alternate between writing in place and putting in place by a rename. Prints one JSON object: medians, p99 and worst in
milliseconds for a small and a big tree, the start of the watcher on the big one, and the processor time of a second of idling.
"""

from __future__ import annotations

import argparse
import json
import queue
import statistics
import tempfile
import time
from pathlib import Path

from nexoide.reload.bursts import Burst
from nexoide.reload.watcher import Watcher

BUDGET_MS = 15.0


def make_tree(root: Path, folders: int, files: int) -> None:
    """Make `folders` nested folders with `files` files in all of them together."""
    places = [root]
    for number in range(1, folders):
        places.append(places[number // 8] / f"d{number}")
        places[-1].mkdir()
    for number in range(files):
        (places[number % folders] / f"m{number}.py").write_text(f"value = {number}\n" + "# nothing\n" * 60)


def latencies(root: Path, saves: int, heard: queue.Queue[tuple[float, Burst]], targets: list[Path]) -> dict[str, float]:
    """Return median, p99 and worst in milliseconds over so many saves, and how many were missed."""
    found, missed = [], 0
    for number in range(saves):
        target = targets[number % len(targets)]
        content = b"value = %d\n" % time.monotonic_ns()
        if number % 2:
            new = target.with_name("new.tmp")
            new.write_bytes(content)
            new.rename(target)
        else:
            target.write_bytes(content)
        closed = time.monotonic()
        try:
            at, burst = heard.get(timeout=5)
        except queue.Empty:
            missed += 1
            continue
        assert burst.changed[target][1] == content
        found.append((at - closed) * 1000)
        time.sleep(0.01 * (number % 3))
    found.sort()
    return {
        "median_ms": round(statistics.median(found), 2),
        "p99_ms": round(found[int(len(found) * 0.99)], 2),
        "worst_ms": round(found[-1], 2),
        "missed": missed,
    }


def measure(folders: int, files: int, saves: int, *, poll: bool = False) -> dict[str, float]:
    """Return the figures of one tree."""
    heard: queue.Queue[tuple[float, Burst]] = queue.Queue()
    notices: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        make_tree(root, folders, files)
        places = sorted(root.rglob("*.py"))
        watcher = Watcher([root], lambda burst: heard.put((time.monotonic(), burst)), on_notice=notices.append, poll=poll)
        began, cpu = time.monotonic(), time.process_time()
        watcher.start()
        started, cpu = time.monotonic() - began, time.process_time() - cpu
        time.sleep(0.2)
        before = time.process_time()
        time.sleep(1.0)
        idle = time.process_time() - before
        found = latencies(root, saves, heard, places[:: max(len(places) // 50, 1)])
        watcher.stop()
    assert not notices, notices
    costs = {"start_ms": round(started * 1000, 1), "start_cpu_ms": round(cpu * 1000, 1), "idle_cpu_ms_per_s": round(idle * 1000, 2)}
    return {"folders": folders, "files": files, **costs, **found}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--saves", type=int, default=200)
    parser.add_argument("--folders", type=int, default=5000)
    parser.add_argument("--files", type=int, default=20000)
    given = parser.parse_args()
    print(
        json.dumps(
            {
                "small": measure(5, 20, given.saves),
                "big": measure(given.folders, given.files, given.saves),
                "big_polled": measure(given.folders, given.files, 10, poll=True),
                "budget_ms": BUDGET_MS,
            },
            indent=1,
        )
    )
