"""The figures of the reload engine beside its peers': scenarios, latency, the cost of the probe, pauses.

    python -m tests.benchmarks.reload [scenarios|latency|cost|pause …] [--rounds 40] [--json FILE] [--venvs FOLDER] [--only NAME …]

Prints Markdown tables. The peers come from PyPI as the `bench` extra names them, each into an environment of its own.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.reload import cost, latency, peers, scenarios

PARTS = ("scenarios", "latency", "cost")


def main(words: list[str]) -> None:
    """Measure what is asked for and print it."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.reload", description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=list(PARTS), metavar="part")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--json", type=Path, help="write all figures into this file")
    parser.add_argument("--venvs", type=Path, help="keep the peers' environments here")
    parser.add_argument("--python", default=sys.executable, help="the interpreter of the peers' environments")
    parser.add_argument("--only", nargs="*", default=[], help="scenarios or groups")
    parser.add_argument("--engines", nargs="*", default=peers.ENGINES)
    asked = parser.parse_args(words)
    with contextlib.ExitStack() as stack:
        folder = asked.venvs or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nx-peers-")))
        pythons = (
            {} if asked.parts == ["cost"] else {engine: path for engine, path in peers.environments(folder, asked.python).items() if engine in asked.engines}
        )
        figures: dict[str, Any] = {"machine": machine(), "versions": peers.versions(pythons)}
        print(f"{figures['machine']}\n{figures['versions']}\n")
        if "scenarios" in asked.parts:
            figures["scenarios"] = scenarios.measure(pythons, asked.only)
            print(scenarios.table(figures["scenarios"]) + "\n")
        if "latency" in asked.parts:
            figures["latency"] = latency.measure(pythons, asked.rounds)
            print(latency.table(figures["latency"]) + "\n")
        if "cost" in asked.parts:
            figures["cost"] = cost.measure(max(5, asked.rounds // 3))
            print(cost.table(figures["cost"]) + "\n")
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def machine() -> str:
    """Return what was measured on, its load included: figures from another one are not comparable."""
    return f"{platform.platform()}, {os.cpu_count()} CPUs, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    main(sys.argv[1:])
