"""How soon after an error a patch is ready, and how soon the failed call was made again with it: a real program, a real supervisor.

    python -m tests.benchmarks repair_latency [--faults 24] [--lines 1000]

Each fault lies in a module of its own of so many lines; they are raised one after the other in one running program. Times are
from the raise (the program's clock) to the journal's events, all on one machine's wall clock; the parser pool and the target's replay
engine are warm, as they are a second after the start.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

from nexoide.model import event as e
from tests.support.supervised import supervised, wait_for

SETTLE, EVERY = 6.0, 1.5
FAULTS = {
    "attribute": ("class Box:\n    def __init__(self):\n        self.height = {n}\n\n\ndef run(n):\n    return Box().heigth + n\n"),
    "none": ("def total(rows):\n    result = 0\n    for row in rows:\n        result += row\n\n\ndef run(n):\n    return total([n, 1]) * 2\n"),
    "call": ("def scale(value, factor):\n    return value * factor\n\n\ndef run(n):\n    return scale(value=n, facter={n})\n"),
    "name": ("def run(n):\n    amount = n * {n}\n    return ammount + 1\n"),
    "key": ("ROW = {{'price': {n}, 'name': 'a'}}\n\n\ndef run(n):\n    return ROW['prize'] * n\n"),
    "method": ("class Till:\n    def pay_out(self, n):\n        return n + {n}\n\n\ndef run(n):\n    return Till().payout(n)\n"),
    "stub": ("class Gate:\n    def open(self):\n        return {n}\n\n\ndef run(n):\n    return Gate().calibrate_sensors(n)\n"),
}
FILLER = '''

def helper_{number}(orders, *, limit=10, region="north"):
    """Return what the orders of a region come to."""
    total = 0
    for order in orders[:limit]:
        if order.get("region") == region and order.get("state") != "cancelled":
            total += order["price"] * order.get("amount", 1)
    return {{"region": region, "total": total, "count": len(orders)}}
'''
MAIN = """\
import importlib, logging, sys, time
LOG = logging.getLogger("bench")
modules = [importlib.import_module(f"fault_{{n}}") for n in range({count})]
time.sleep({settle})
for n, module in enumerate(modules):
    try:
        module.run(n + 1)
    except Exception:
        LOG.exception("it failed")
    time.sleep({every})
time.sleep(600)
"""


def write(root: Path, count: int, lines: int) -> list[str]:
    """Write the program; return the kind of each fault."""
    root.mkdir()
    kinds = [list(FAULTS)[number % len(FAULTS)] for number in range(count)]
    for number, kind in enumerate(kinds):
        filler = "".join(FILLER.format(number=item) for item in range(max(0, (lines - 10) // 9)))
        (root / f"fault_{number}.py").write_text(f'"""Module {number}."""\n{filler}\n\n{FAULTS[kind].format(n=number + 2)}')
    (root / "main.py").write_text(MAIN.format(count=count, settle=SETTLE, every=EVERY))
    (root / "nexoide.toml").write_text(f'[targets.app]\ncommand = ["{sys.executable}", "main.py"]\n')
    return kinds


def times(events: list[e.Event]) -> dict[str, dict[str, float]]:
    """Return, by the failing file, milliseconds from the raise to each step."""
    began: dict[str, tuple[str, float]] = {}
    patches: dict[str, str] = {}
    found: dict[str, dict[str, float]] = {}
    for event in events:
        body = event.body
        if isinstance(body, e.IncidentOpened) and body.incident.file.startswith("fault_"):
            began[body.incident.id] = (body.incident.file, body.incident.sample.at)
            found[body.incident.file] = {"seen": (event.ts - body.incident.sample.at) * 1000}
        elif isinstance(body, e.PatchProposed) and body.patch.incident in began:
            patches[body.patch.id] = body.patch.incident
            file, at = began[body.patch.incident]
            found[file].setdefault("patch ready", (event.ts - at) * 1000)
        elif isinstance(body, e.EvidenceGathered) and body.patch in patches and body.evidence.outcome != "inconclusive":
            file, at = began[patches[body.patch]]
            if body.evidence.kind in ("replay", "tests"):
                found[file].setdefault("replayed" if body.evidence.kind == "replay" else "tests", (event.ts - at) * 1000)
                if body.evidence.kind == "replay":
                    found[file].setdefault("the replay itself", body.evidence.milliseconds)
        elif isinstance(body, e.PatchJudged) and body.patch in patches:
            file, at = began[patches[body.patch]]
            found[file].setdefault("judged", (event.ts - at) * 1000)
    return found


def main() -> None:
    """Run the program under a supervisor and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks repair_latency", description=__doc__.splitlines()[0])
    parser.add_argument("--faults", type=int, default=21)
    parser.add_argument("--lines", type=int, default=1000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "app"
        kinds = write(root, chosen.faults, chosen.lines)
        with supervised(root, Path(folder) / "run") as session:
            session.start()
            time.sleep(SETTLE + EVERY * chosen.faults)
            wait_for(lambda: len(session.control.status().incidents) >= chosen.faults * 0.9, "the incidents", 60)
            time.sleep(4)
            events, after = [], 0
            while more := session.control.journal(after):
                events += more
                after = more[-1].seq
    report(kinds, times(events))


def report(kinds: list[str], found: dict[str, dict[str, float]]) -> None:
    """Print medians and the 95th of 100, over all and by kind."""
    rows = [(kinds[int(file.removeprefix("fault_").removesuffix(".py"))], steps) for file, steps in sorted(found.items())]
    print(f"{len(rows)} failures seen, milliseconds from the raise: median, 95th of 100 (how many)")
    for name in ("seen", "patch ready", "the replay itself", "replayed", "tests", "judged"):
        values = sorted(steps[name] for _, steps in rows if name in steps)
        if values:
            print(f"  {name:18} {statistics.median(values):8.1f} {values[min(len(values) - 1, int(len(values) * 0.95))]:8.1f}  ({len(values)})")
    for kind in dict.fromkeys(kinds):
        values = [steps["patch ready"] for name, steps in rows if name == kind and "patch ready" in steps]
        print(f"  patch ready, {kind:10} {statistics.median(values):8.1f}  ({len(values)})" if values else f"  {kind}: no patch")


if __name__ == "__main__":
    main()
