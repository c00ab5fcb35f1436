"""What the probe costs a program that runs: the same work with and without it, alternating; the ratio of the medians.

With it means as `nexoide run` starts a program: the bootstrap on its path, linked to a supervisor's socket, the engine loaded
by one reload of nothing. A second column has no probe on either side: what this machine calls equal.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.unit.probe.peer import Bench

WORKLOAD = Path(__file__).with_name("workload.py")
ROUNDS = 7
BUDGET = 1.02


def measure(pairs: int, python: str = sys.executable) -> list[dict[str, Any]]:
    """Return a row for each piece of work: median milliseconds of the runs' best rounds without and with the probe, and their ratio."""
    found: dict[str, dict[str, list[float]]] = {}
    with tempfile.TemporaryDirectory(prefix="nx-cost-") as folder:
        bench = Bench(Path(folder))
        try:
            for number in range(pairs):
                for kind in ("plain", "probe", "again") if number % 2 else ("again", "probe", "plain"):
                    for name, took in _run(bench, python, kind == "probe").items():
                        found.setdefault(name, {}).setdefault(kind, []).append(min(took))
        finally:
            bench.close()
    return [_row(name, {kind: statistics.median(values) * 1000 for kind, values in kinds.items()}) for name, kinds in found.items()]


def _row(name: str, ms: dict[str, float]) -> dict[str, Any]:
    return {
        "work": name,
        "plain_ms": round(ms["plain"], 3),
        "probe_ms": round(ms["probe"], 3),
        "ratio": round(ms["probe"] / ((ms["plain"] + ms["again"]) / 2), 4),
        "plain_to_plain": round(max(ms["again"], ms["plain"]) / min(ms["again"], ms["plain"]), 4),
    }


def _run(bench: Bench, python: str, probe: bool) -> dict[str, list[float]]:
    words = [str(WORKLOAD), str(ROUNDS)]
    if probe:
        process = bench.start(*words, python=python)
    else:
        env = bench.environment()
        for name in [name for name in env if name.startswith(("NEXOIDE", "PYTHONPATH"))]:
            del env[name]
        process = subprocess.Popen(
            [python, *words], cwd=bench.folder, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
    out, err = process.communicate(timeout=120)
    if process.returncode:
        raise RuntimeError(err[-2000:])
    result: dict[str, list[float]] = json.loads(out)
    return {name: took[1:] for name, took in result.items()}


def table(rows: list[dict[str, Any]]) -> str:
    """Return the rows as Markdown; the budget is a ratio of 1.02."""
    lines = ["| work | without ms | with the probe ms | ratio | two plain runs |", "|---|---|---|---|---|"]
    lines += [f"| {row['work']} | {row['plain_ms']} | {row['probe_ms']} | {row['ratio']} | {row['plain_to_plain']} |" for row in rows]
    ratios = [row["ratio"] for row in rows]
    return "\n".join([*lines, f"\ngeometric mean {statistics.geometric_mean(ratios):.4f}, budget {BUDGET}"])
