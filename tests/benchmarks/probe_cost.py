"""What the probe costs: programs that do not fail, exceptions that are caught, failures that repeat, and requests behind the middleware.

    python -m tests.benchmarks probe_cost [--pairs 7]

Each figure is of alternating runs without and with the probe, as medians; a third run without it is what this machine calls
equal. Times are of the process (all its threads), so that what the probe's own thread does is in them.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.reload.cost import WORKLOAD
from tests.unit.probe.peer import PROBE, Bench

RATIO_QUIET, RATIO_CAUGHT, REPEATED_US = 1.02, 1.05, 15.0
ROUNDS = 5
COMMON = """
import json, logging, sys, time
logging.lastResort = None
logging.getLogger().addHandler(logging.NullHandler())
log = logging.getLogger("shop")
def c(n): raise ValueError(f"order {n} failed")
def b(n): return c(n)
def a(n): return b(n)
def best(work):
    taken = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        work()
        taken.append(time.process_time() - begun)
    print(json.dumps(min(taken)))
"""
CAUGHT = """
def work():
    for n in range(100_000):
        try:
            a(n)
        except ValueError:
            pass
best(work)
"""
REPEATED = """
def work():
    for n in range(20_000):
        try:
            a(n)
        except ValueError:
            log.exception("order %s", n)
work(); best(work)
"""
WSGI = """
from nexoide.middleware import HealingWsgiMiddleware
def app(environ, start_response):
    start_response("200 OK", [])
    return [b"x"]
answer = HealingWsgiMiddleware(app) if "_nexoide_probe" in sys.modules or FORCED else app
environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/orders/17"}
def start(status, headers): pass
def work():
    for n in range(50_000):
        answer(dict(environ), start)
work(); best(work)
"""
ASGI = """
import asyncio
from nexoide.middleware import HealingMiddleware
async def app(scope, receive, send):
    scope["endpoint"], scope["path_params"] = app, {"number": 17}
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"x"})
answer = HealingMiddleware(app) if "_nexoide_probe" in sys.modules or FORCED else app
async def send(message): pass
async def run():
    for n in range(50_000):
        await answer({"type": "http", "method": "GET", "path": "/orders/17"}, None, send)
def work(): asyncio.run(run())
work(); best(work)
"""


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=7)
    pairs = parser.parse_args().pairs
    with tempfile.TemporaryDirectory(prefix="nx-cost-") as folder:
        bench = Bench(Path(folder))
        try:
            quiet(bench, pairs)
            caught = times(bench, CAUGHT, pairs)
            print(
                f"\n100,000 exceptions raised and caught: {caught['probe'] / caught['plain']:.4f} (two plain runs {equal(caught):.4f}), budget {RATIO_CAUGHT}"
            )
            repeated = times(bench, REPEATED, pairs)
            each = (repeated["probe"] - repeated["plain"]) / 20_000 * 1e6
            print(f"a failure that repeats: {each:.1f} µs beyond {repeated['plain'] / 20_000 * 1e6:.1f} µs of the program's own, budget {REPEATED_US:g}")
            for name, text in (("WSGI", WSGI), ("ASGI", ASGI)):
                found = times(bench, f"FORCED = False\n{text}", pairs)
                idle = times(bench, f"FORCED = True\n{text}", pairs, probe=False)
                one, other = ((with_it - found["plain"]) / 50_000 * 1e6 for with_it in (found["probe"], idle["plain"]))
                print(f"a {name} request behind the middleware: {one:.2f} µs more, {other:.2f} µs where no probe runs")
        finally:
            bench.close()


def quiet(bench: Bench, pairs: int) -> None:
    """Print the ratio of each piece of work of a program in which nothing fails."""
    text = WORKLOAD.read_text(encoding="utf-8").replace("time.perf_counter", "time.process_time")
    runs: list[dict[str, dict[str, float]]] = []
    for number in range(pairs):
        kinds = ("plain", "probe", "again") if number % 2 else ("again", "probe", "plain")
        runs.append({kind: {name: min(took[1:]) for name, took in run(bench, text, probe=kind == "probe", words=("7",)).items()} for kind in kinds})
    ratios = []
    for name in runs[0]["plain"]:
        found = {kind: statistics.median(run[kind][name] for run in runs) for kind in ("plain", "probe", "again")}
        ratios.append(ratio(found))
        print(f"{name:12} {found['plain'] * 1000:8.3f} ms without, {ratio(found):.4f} with the probe (two plain runs {equal(found):.4f})")
    print(f"a program without failures: {statistics.geometric_mean(ratios):.4f}, budget {RATIO_QUIET}")


def ratio(found: dict[str, float]) -> float:
    """Return what the probe makes of a time."""
    return found["probe"] / ((found["plain"] + found["again"]) / 2)


def equal(found: dict[str, float]) -> float:
    """Return how much two runs of the same thing differ here."""
    return max(found["plain"], found["again"]) / min(found["plain"], found["again"])


def times(bench: Bench, text: str, pairs: int, *, probe: bool = True) -> dict[str, float]:
    """Return the median seconds of a program without the probe, with it, and without it once more."""
    found: dict[str, list[float]] = {}
    for number in range(pairs):
        kinds = ["plain", "probe", "again"] if probe else ["plain"]
        for kind in kinds if number % 2 else kinds[::-1]:
            found.setdefault(kind, []).append(run(bench, f"ROUNDS = {ROUNDS}\n{COMMON}{text}", probe=kind == "probe"))
    return {kind: statistics.median(values) for kind, values in found.items()}


def run(bench: Bench, text: str, *, probe: bool, words: tuple[str, ...] = ()) -> Any:
    """Run a program and return the JSON that it prints."""
    path = bench.write("program.py", text)
    environment = bench.environment()
    environment["PYTHONPATH"] = f"{environment['PYTHONPATH']}:{PROBE.parents[1]}"
    if not probe:
        del environment["NEXOIDE_PROBE_SOCKET"]
    done = subprocess.run([sys.executable, str(path), *words], env=environment, capture_output=True, text=True, check=True, timeout=300)
    return json.loads(done.stdout)


if __name__ == "__main__":
    main()
