"""Every scenario through every engine, as one table: pass, fail, or refused with the reason."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.support.reload_runs import run_scenarios
from tests.support.reload_scenarios import scenarios

MARKS = {"pass": "P", "refused-as-expected": "R", "refused": "r", "fail": "F", "skipped": "–"}
LEGEND = "P pass · R refused with the reason, as expected · r refused although it can be done · F fail, silence included · – does not apply"


def measure(pythons: dict[str, str], names: list[str]) -> list[dict[str, Any]]:
    """Return the rows of all engines, group by group and engine after engine, so that none has a quieter machine."""
    rows: list[dict[str, Any]] = []
    groups = list(dict.fromkeys(scenario.group for scenario in scenarios() if not names or scenario.name in names or scenario.group in names))
    for group in groups:
        wanted = [scenario.name for scenario in scenarios() if scenario.group == group and (not names or scenario.name in names or group in names)]
        for engine, python in pythons.items():
            rows += run_scenarios(python, engine, wanted, 3600.0) if python else []
    return rows


def table(rows: list[dict[str, Any]]) -> str:
    """Return the table of scenarios, then that of groups, in Markdown."""
    engines = list(dict.fromkeys(row["engine"] for row in rows))
    verdicts = {(row["name"], row["engine"]): row["verdict"] for row in rows}
    head = f"| group | scenario | {' | '.join(engines)} |\n|---|---|{'---|' * len(engines)}"
    names = dict.fromkeys((row["group"], row["name"]) for row in rows)
    lines = [f"| {group} | {name} | {' | '.join(MARKS[verdicts.get((name, engine), 'skipped')] for engine in engines)} |" for group, name in names]
    return "\n".join([LEGEND, "", head, *lines, "", summary(rows, engines)])


def summary(rows: list[dict[str, Any]], engines: list[str]) -> str:
    """Return, by group and in all, how many scenarios each engine does right, of those that apply to it, and how many fail."""
    found = Counter((row["group"], row["engine"], kind(row["verdict"])) for row in rows)
    found.update(("**all**", row["engine"], kind(row["verdict"])) for row in rows)
    groups = [*dict.fromkeys(row["group"] for row in rows), "**all**"]
    lines = [f"| group | {' | '.join(engines)} |", f"|---|{'---|' * len(engines)}"]
    for group in groups:
        cells = []
        for engine in engines:
            right, refused, failed = (found[(group, engine, name)] for name in ("right", "refused", "fail"))
            cells.append(f"{right}/{right + refused + failed}" + (f" ({failed} F)" if failed else ""))
        lines.append(f"| {group} | {' | '.join(cells)} |")
    return "\n".join(lines)


def kind(verdict: str) -> str:
    """Return right, refused, fail or skipped."""
    return {"pass": "right", "refused-as-expected": "right"}.get(verdict, verdict)
