"""From the closing of a saved file to the first call on new code, ours and the peers' alternating; and the reload call alone."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.benchmarks.reload.programs import CALLS, CASES, Case
from tests.support.reload_runs import environment, only_nexoide

SUBJECT = Path(__file__).with_name("subject.py")
WATCHING = ["nexoide-run", "nexoide-watch", "jurigged", "hmr"]
CALLING = ["nexoide", "xreload", "autoreload-2", "importlib"]
REST_S = 0.15  # between two saves, so that no debounce of the last one is measured


class Subject:
    """One program under one engine."""

    def __init__(self, engine: str, python: str, case: Case, folder: Path, path: str) -> None:
        self.case, self.folder, self.version = case, folder, 0
        self.took: list[float] = []
        case.write(folder)
        words = [python, str(SUBJECT), "none" if engine == "nexoide-run" else engine, str(folder), str(case.modules), str(case.heap)]
        if engine == "nexoide-run":
            words = [str(Path(sys.executable).with_name("nexoide")), "run", "--reload", "--alone", "--", *words]
        env = environment(path)
        self._process = subprocess.Popen(words, cwd=folder, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self._answer()

    def save(self) -> None:
        """Save the next version and note how long it took until it ran, in milliseconds."""
        self.version += 1
        self._say(f"see {self.version}")
        time.sleep(0.02)
        with (self.folder / "target.py").open("w", encoding="utf-8") as stream:
            stream.write(self.case.text(self.version))
        closed = time.monotonic()
        seen = float(self._answer())
        self.took.append((seen - closed) * 1000 if seen > 0 else float("inf"))
        time.sleep(REST_S)

    def call(self) -> None:
        """Bring the next version in by one call and note how long that took, in milliseconds."""
        self.version += 1
        fresh = self.folder / "target.new"
        fresh.write_text(self.case.text(self.version), encoding="utf-8")
        time.sleep(0.02)
        self._say(f"call {self.version} {fresh}")
        took = float(self._answer())
        self.took.append(took if took >= 0 else float("inf"))

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _answer(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"a subject ended: {self._process.args}")
        return line.strip()


def measure(pythons: dict[str, str], rounds: int) -> list[dict[str, Any]]:
    """Return a row for each case and engine: median, p99 and minimum in milliseconds; the engines take turns, save by save."""
    rows: list[dict[str, Any]] = []
    for case in CASES:
        rows += _turns(case, {engine: pythons.get(engine) or pythons["nexoide-watch"] for engine in WATCHING}, rounds, Subject.save)
    for case in CALLS:
        rows += _turns(case, {engine: pythons.get(engine, "") for engine in CALLING}, rounds, Subject.call)
    return rows


def _turns(case: Case, engines: dict[str, str], rounds: int, once: Any) -> list[dict[str, Any]]:
    with ExitStack() as stack:
        path = stack.enter_context(only_nexoide())
        subjects = {}
        for engine, python in engines.items():
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nx-latency-"))).resolve()
            try:
                subjects[engine] = Subject(engine, python, case, folder, path)
            except (RuntimeError, OSError) as error:
                print(f"{engine} is left out of {case.name!r}: {error}", file=sys.stderr)
                continue
            stack.callback(subjects[engine].close)
        for _ in range(rounds + 2):
            for subject in subjects.values():
                once(subject)
        return [{"case": case.name, "engine": engine, **figures(subject.took[2:])} for engine, subject in subjects.items()]


def figures(took: list[float]) -> dict[str, Any]:
    """Return median, p99 and minimum of some milliseconds, and how many saves never came."""
    came = sorted(one for one in took if one != float("inf"))
    lost = len(took) - len(came)
    if not came:
        return {"median_ms": None, "p99_ms": None, "min_ms": None, "n": len(took), "lost": lost}
    p99 = came[min(len(came) - 1, int(len(came) * 0.99))]
    return {"median_ms": round(statistics.median(came), 2), "p99_ms": round(p99, 2), "min_ms": round(came[0], 2), "n": len(took), "lost": lost}


def table(rows: list[dict[str, Any]]) -> str:
    """Return the rows as Markdown, with the ratio to the fastest peer of the same case."""
    lines = ["| case | engine | median ms | p99 ms | min ms | n | lost | to the fastest peer |", "|---|---|---|---|---|---|---|---|"]
    for row in rows:
        peers = [one["median_ms"] for one in rows if one["case"] == row["case"] and not one["engine"].startswith("nexoide") and one["median_ms"]]
        ratio = f"{row['median_ms'] / min(peers):.2f}×" if peers and row["median_ms"] else ""
        lines.append(f"| {row['case']} | {row['engine']} | {row['median_ms']} | {row['p99_ms']} | {row['min_ms']} | {row['n']} | {row['lost']} | {ratio} |")
    return "\n".join(lines)
