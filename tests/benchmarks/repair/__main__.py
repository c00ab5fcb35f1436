"""How often a failing program is repaired rightly: `nexoide heal` on a corpus with hidden checks, by class, with its confidence beside the truth.

    python -m tests.benchmarks repair [--split dev|held] [--corpus DIR] [--jobs 2] [--save FILE] [--show] [WORD ...]

Each program is copied, its command healed as an operator would, and every patch is applied to a fresh copy and judged by a hidden
check that the engine never sees. `--save` keeps the rows, from which `python -m tests.benchmarks calibrate` fits the confidence.
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.benchmarks.repair.cases import CORPUS, Case, cases, environment, is_right
from tests.benchmarks.repair.report import report

SECONDS = 240


def heal(case: Case, extra: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return what `nexoide heal --json` says of a case, every patch with `right` and what the check said."""
    with case.copy() as folder:
        began = time.monotonic()
        words = [sys.executable, "-m", "nexoide.cli", "heal", "--json", "--path", str(folder), "--command", shlex.join(case.command), *extra]
        try:
            done = subprocess.run(words, env=environment(), capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=SECONDS, check=False)
            found: dict[str, Any] = json.loads(done.stdout)
        except subprocess.TimeoutExpired:
            found = {"status": "error", "patches": [], "error": "heal did not end"}
        except ValueError:
            found = {"status": "error", "patches": [], "error": done.stderr[-500:]}
        found["wall"] = round(time.monotonic() - began, 2)
    for patch in found.get("patches", []):
        patch["right"], patch["said"] = is_right(case, patch["diff"])
    return {"case": case.name, "group": case.group, "split": case.split, "expect": case.expect, "note": case.note, **found}


def main() -> None:
    """Heal all the cases that are asked for and print the report."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks repair", description=__doc__.splitlines()[0])
    parser.add_argument("--split", default="dev", help="a folder of the corpus: dev or held")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="another folder of cases, laid out as tests/corpus/crash")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--save", type=Path)
    parser.add_argument("--show", action="store_true", help="print each case that was not right")
    parser.add_argument("words", nargs="*")
    chosen = parser.parse_args()
    found = cases(chosen.split, tuple(chosen.words), chosen.corpus)
    rows = []
    with ThreadPoolExecutor(chosen.jobs) as pool:
        for row in pool.map(heal, found):
            rows.append(row)
            print(f"\r{len(rows)}/{len(found)} {row['case'][:60]:60}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    if chosen.save:
        chosen.save.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    print(report(rows, show=chosen.show))


if __name__ == "__main__":
    main()
