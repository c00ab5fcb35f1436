"""The pause that hammering threads see while 100 functions are committed, and what the commit costs when nobody calls.

    .venv/bin/python -m tests.benchmarks.reload.pause [--threads 4] [--commits 30] [--functions 100]

Each thread calls chains of the functions and notes when each call began and ended. The pause of a thread in a window of
time is its longest call in it. The windows are the commits, from their beginning to their end, and as many of the same
length between commits: with several threads on one interpreter's lock a call waits for the others' slices of 5 ms anyway.
The budget: over the calls during commits the p99 is at most 5 ms; the p99 of the pauses is shown beside its control.
"""

from __future__ import annotations

import argparse
import bisect
import json
import statistics
import sys
import threading
import time
import types
from typing import Any

from nexoide.probe.reload.commit import Operations
from nexoide.probe.reload.switch.transition import Swap, carry_out

BODY = "def f{n}(x):\n    return f{m}(x + {v}) if x < 3 else {v}\n"


class Module:
    """Functions that call each other, in two versions."""

    def __init__(self, count: int) -> None:
        self.live: dict[str, Any] = {"__name__": "hammered"}
        self.names = [f"f{number}" for number in range(count)]
        self.codes = []
        for version in (1, 2):
            text = "".join(BODY.format(n=number, m=(number + 1) % count, v=version) for number in range(count))
            code = compile(text, "hammered.py", "exec")
            self.codes.append({item.co_name: item for item in code.co_consts if isinstance(item, types.CodeType)})
            if version == 1:
                exec(code, self.live)

    def commit(self, version: int) -> float:
        """Bring all functions to a version; returns the seconds until it was done."""
        swaps = [Swap(self.live[name], name, {"__code__": self.codes[version][name]}) for name in self.names]
        begun = time.perf_counter()
        carried = carry_out(Operations(), swaps, Operations(), "auto", 30.0, threading.get_ident())
        assert carried.state == "done", carried.blockers
        return time.perf_counter() - begun

    def plain(self, version: int) -> float:
        """Do the same in one C call, with no care for anyone; returns the seconds."""
        operations = Operations()
        for name in self.names:
            operations.function(self.live[name], "__code__", self.codes[version][name])
        begun = time.perf_counter()
        operations.commit()
        return time.perf_counter() - begun


def _p(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else 0.0


def hammered(threads: int, commits: int, functions: int) -> dict[str, Any]:
    """Return what the threads see during commits and between them, in milliseconds."""
    module = Module(functions)
    ends: list[bool] = []
    calls: list[list[tuple[float, float]]] = [[] for _ in range(threads)]

    def hammer(mine: list[tuple[float, float]], call: Any) -> None:
        while not ends:
            begun = time.perf_counter()
            call(0)
            mine.append((begun, time.perf_counter()))

    for number, mine in enumerate(calls):
        threading.Thread(target=hammer, args=(mine, module.live[module.names[number]]), daemon=True).start()
    spans = []
    for number in range(commits):
        time.sleep(0.3)
        begun = time.perf_counter()
        module.commit((number + 1) % 2)
        spans.append((begun, time.perf_counter()))
    ends.append(True)
    control = [(begun - 0.005 - (ended - begun), begun - 0.005) for begun, ended in spans]
    return {"threads": threads, "during": _seen(calls, spans), "between": _seen(calls, control), "commit_ms": round(_p([b - a for a, b in spans], 0.5), 3)}


def _seen(calls: list[list[tuple[float, float]]], windows: list[tuple[float, float]]) -> dict[str, float]:
    """Return what the threads saw of some windows."""
    took: list[float] = []
    pauses: list[float] = []
    for mine in calls:
        ends = [ended for _, ended in mine]
        for begun, ended in windows:
            inside = []
            for one, other in mine[bisect.bisect_left(ends, begun) :]:
                if one > ended:
                    break
                inside.append(other - one)
            took += inside
            pauses.append(max(inside, default=0.0))
    return {
        "calls": len(took),
        "call_p50_ms": round(_p(took, 0.5), 4),
        "call_p99_ms": round(_p(took, 0.99), 4),
        "pause_p50_ms": round(_p(pauses, 0.5), 3),
        "pause_p99_ms": round(_p(pauses, 0.99), 3),
    }


def alone(commits: int, functions: int) -> dict[str, Any]:
    """Return what a commit costs where nothing is in the way, against the bare C call, in milliseconds."""
    module = Module(functions)
    ours, bare = [], []
    for _ in range(commits):
        ours.append(module.commit(1))
        bare.append(module.plain(0))
    return {"functions": functions, "commit_ms": _both(ours), "bare_ms": _both(bare)}


def _both(values: list[float]) -> list[float]:
    return [round(statistics.median(values) * 1000, 3), round(min(values) * 1000, 3)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--commits", type=int, default=30)
    parser.add_argument("--functions", type=int, default=100)
    chosen = parser.parse_args()
    seen = [hammered(count, chosen.commits, chosen.functions) for count in (1, chosen.threads)]
    print(f"{chosen.functions} functions, {chosen.commits} commits, Python {sys.version.split()[0]}; milliseconds")
    columns = ("calls", "call_p50_ms", "call_p99_ms", "pause_p50_ms", "pause_p99_ms")
    print(f"{'':28}" + "".join(f"{name.replace('_ms', '').replace('_', ' '):>12}" for name in columns))
    for row in seen:
        for name in ("during", "between"):
            print(f"{row['threads']:>2} threads, {name + ' commits':17}" + "".join(f"{row[name][column]:>12}" for column in columns))
        print(f"   a commit takes {row['commit_ms']}")
    quiet = [alone(chosen.commits, count) for count in (2, chosen.functions)]
    for item in quiet:
        (ours, least), (bare, least_bare) = item["commit_ms"], item["bare_ms"]
        print(f"alone, {item['functions']:>3} functions: {ours} (least {least}); the bare C call {bare} (least {least_bare})")
    print(json.dumps({"hammered": seen, "alone": quiet}))


if __name__ == "__main__":
    main()
