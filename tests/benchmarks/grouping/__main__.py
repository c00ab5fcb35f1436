"""How well failures are grouped: homogeneity and completeness over programs with known bugs, beside a plain baseline.

    python -m tests.benchmarks grouping [--verbose]

Every bug is run by each interpreter that is here (3.9 to 3.14), in two folders (the second with all lines moved, told as another host's),
with other values each time, and seen by the probe, in a printed traceback and by sentry-sdk.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from pathlib import Path

from nexoide.incidents.fingerprint import fingerprint

from .items import Item, captured, interpreters
from .measure import mixed, quality, torn


def baseline(item: Item) -> str:
    """Return what a plain grouping takes: the type and the line of the deepest frame."""
    raised = item.failure.exceptions[0]
    last = raised.frames[-1] if raised.frames else None
    return f"{raised.type}:{last.file}:{last.line}" if last else raised.type


def main() -> None:
    """Run the corpus and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks grouping")
    parser.add_argument("--verbose", action="store_true", help="name every bug that is torn and every group that is mixed")
    verbose = parser.parse_args().verbose
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        root, items = captured(Path(folder), interpreters())
        took = time.perf_counter() - begin
        truth = [item.group for item in items]
        print(f"{len(items)} captures of {len(set(truth))} bugs, CPython {', '.join(sorted({item.python for item in items}, key=len))}, {took:.0f} s")
        ways = {
            "fingerprint, workspace known": [fingerprint(item.failure, root) for item in items],
            "fingerprint, no workspace": [fingerprint(item.failure, None) for item in items],
            "type and deepest line": [baseline(item) for item in items],
        }
    print(f"{'':32}{'homogeneity':>12}{'completeness':>14}{'V':>8}{'groups':>8}")
    for name, groups in ways.items():
        result = quality(truth, groups)
        print(f"{name:32}{result.homogeneity:12.4f}{result.completeness:14.4f}{result.v_measure:8.4f}{len(set(groups)):8}")
    for name, groups in list(ways.items())[:2]:
        print(f"\n{name}: what is not with the most of its bug")
        _errors(items, groups)
        if verbose:
            _named(items, groups)


def _errors(items: list[Item], groups: list[str]) -> None:
    """Print, for each interpreter, host and source, how many captures are not in the largest group of their bug."""
    most: dict[str, str] = {}
    for label in {item.group for item in items}:
        most[label] = Counter(group for item, group in zip(items, groups, strict=True) if item.group == label).most_common(1)[0][0]
    for part in ("python", "host", "source"):
        all_, wrong = Counter(getattr(item, part) for item in items), Counter()
        wrong.update(getattr(item, part) for item, group in zip(items, groups, strict=True) if group != most[item.group])
        print(f"  {part:8}" + "  ".join(f"{name} {wrong[name]}/{count}" for name, count in sorted(all_.items())))


def _named(items: list[Item], groups: list[str]) -> None:
    truth = [item.group for item in items]
    for label, parts in torn(truth, groups, [f"{item.variant}:{item.how}" for item in items]).items():
        print(f"  torn   {label}: " + "; ".join(f"{group[:6]} {sum(by.values())} ({', '.join(sorted(by)[:4])})" for group, by in parts.items()))
    for group, labels in mixed(truth, groups).items():
        print(f"  mixed  {group[:6]}: {', '.join(f'{label} {count}' for label, count in labels.items())}")


if __name__ == "__main__":
    main()
