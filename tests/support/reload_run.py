"""Goes through one reload scenario in this process: saves, checks, reverts, and compares what the modules are made of.

Standard library only, CPython 3.9 and later: it runs inside the programs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
import types
from pathlib import Path

from reload_engines import Engine, Outcome
from reload_scenarios import Scenario, Step
from reload_snapshot import Snapshot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PAST_S = 100.0
MOVING = ("running", "consistency")  # their programs work on while we look, so what containers hold differs


class Failed(Exception):  # noqa: N818
    """A check of a scenario did not hold."""


class Refused(Exception):  # noqa: N818
    """The engine refused, with a reason, what it was expected to do; nothing changed."""


class Run:
    """One scenario in this process."""

    def __init__(self, scenario: Scenario, engine: Engine, folder: str) -> None:
        self.scenario, self.engine, self.folder = scenario, engine, folder
        self.outcomes: list[Outcome] = []
        self.expected_refusal = False
        self._first = dict(scenario.files)
        self._disk: dict[str, bytes] = {}
        self.names: dict[str, Any] = {
            "__name__": "checks", "folder": folder, "path": self.path, "write": self.write,
            "write_all": self.write_all, "wait": wait, "trigger": self.trigger,
            "untrigger": self.untrigger, "report": None, "text": "", "result": None,
        }  # fmt: skip

    # what the checks may call

    def path(self, name: str) -> str:
        """Return the path of a file of the program."""
        return str(Path(self.folder) / name)

    def write(self, name: str, content: Any, keep_times: Any = None) -> None:
        """Write a file of the program; `keep_times` is a stat result whose times it gets."""
        place = Path(self.folder) / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)
        if keep_times is not None:
            os.utime(place, ns=(keep_times.st_atime_ns, keep_times.st_mtime_ns))

    def write_all(self, files: dict[str, str]) -> None:
        """Write files at the same time, as another process does: this one's own threads would come in between."""
        aside = Path(tempfile.mkdtemp(prefix="nx-save-"))
        for name, text in files.items():
            (aside / name).write_text(text, encoding="utf-8")
        subprocess.run(["cp", *(str(aside / name) for name in files), self.folder], check=True)
        shutil.rmtree(aside)

    def trigger(self) -> Outcome:
        """Let the engine take what was saved."""
        now = contents(self.folder)
        changed = [path for path in {**self._disk, **now} if self._disk.get(path) != now.get(path)]
        self._disk = now
        begun = time.monotonic()
        outcome = self.engine.trigger(changed)
        outcome.ms = outcome.ms or (time.monotonic() - begun) * 1000
        self.outcomes.append(outcome)
        self.names.update(result=outcome, report=outcome.report, text=outcome.text)
        return outcome

    def untrigger(self) -> None:
        """Take the latest reload back."""
        self._revert(self.outcomes.pop())

    # the scenario

    def run(self) -> None:
        """Go through all of it; raises what did not hold."""
        scenario = self.scenario
        for name, text in scenario.files.items():
            self.write(name, text)
            os.utime(self.path(name), (time.time() - PAST_S,) * 2)
        late = scenario.keys.get("attach") == "late"
        self.engine.how = scenario.keys.get("how", "sync")
        if "main" in scenario.keys:
            self._main(scenario.keys["main"])
        if not late:
            self.engine.start(self.folder)
        self.names["reloader"] = getattr(self.engine, "reloader", None)
        self._execute("before", scenario.before)
        if late:
            self.engine.start(self.folder)
        self.engine.ready()
        self._disk = contents(self.folder)
        first = self._snapshot(contents=False)
        for number, step in enumerate(scenario.steps, 1):
            self._step(number, step)
        if scenario.reverted and self._take_back():
            self._execute("reverted", scenario.reverted)
            if self.engine.ours and scenario.keys.get("revert") != "first":
                self._same("after the revert", first, self._snapshot(contents=False))
                self._cycle()

    def _step(self, number: int, step: Step) -> None:
        before = self._snapshot()
        for name, text in step.files.items():
            if text is None:
                Path(self.path(name)).unlink()
            else:
                self.write(name, text)
                if not self.engine.ours and number > 1:
                    os.utime(self.path(name), (time.time() + 2 * number,) * 2)
        self._execute(f"do {number}", step.do)
        outcome = self.trigger()
        if not outcome.ok:
            self._refused(number, step, outcome, before)
            return
        if step.expect == "refused" and not step.after:
            raise Failed(f"step {number} was accepted: {outcome.text[:300]}")
        if step.expect == "said" and self.engine.ours and step.word not in outcome.text:
            raise Failed(f"step {number} does not say {step.word!r}: {outcome.text[:300]}")
        self._execute(f"after {number}", step.after)
        if self.engine.ours:
            self._execute(f"report {number}", step.report)

    def _refused(self, number: int, step: Step, outcome: Outcome, before: Snapshot | None) -> None:
        self._same(f"step {number} was refused ({outcome.text[:200]}), and yet", before, self._snapshot())
        if step.expect != "refused":
            raise Refused(f"step {number}: {outcome.text[:400]}")
        self.expected_refusal = True
        if self.engine.ours and step.word not in outcome.text:
            raise Failed(f"step {number} was refused for another reason than {step.word!r}: {outcome.text[:400]}")
        self._execute(f"kept {number}", step.kept)

    def _take_back(self) -> bool:
        if not self.engine.ours:
            for path in map(Path, contents(self.folder)):
                if str(path.relative_to(self.folder)) not in self._first and not path.is_symlink() and "hmr_entry_" not in path.name:
                    path.unlink()
            for name, text in self._first.items():
                self.write(name, text)
                os.utime(self.path(name), (time.time() + 30,) * 2)
            return self.trigger().ok
        done = [outcome for outcome in self.outcomes if outcome.generations]
        for outcome in done[:1] if self.scenario.keys.get("revert") == "first" else reversed(done):
            self._revert(outcome)
        return True

    def _revert(self, outcome: Outcome) -> None:
        for generation in reversed(outcome.generations):
            back = self.engine.revert(generation)
            if not back.ok:
                raise Failed(f"the revert was refused: {back.text[:400]}")

    def _cycle(self) -> None:
        """Reload once more and take it back: everything must be as it was, what containers hold included."""
        steps, done = self.scenario.steps, any(outcome.generations for outcome in self.outcomes)
        if not done or self.scenario.group in MOVING or any(step.expect == "refused" or step.do for step in steps):
            return
        before = self._snapshot()
        outcome = self.trigger()
        if not outcome.ok:
            raise Failed(f"the same reload again, after the revert, was refused: {outcome.text[:400]}")
        if not outcome.generations:
            raise Failed(f"the same reload again, after the revert, did nothing: {outcome.text[:400]}")
        self._revert(outcome)
        self._same("after the second revert", before, self._snapshot())

    def _snapshot(self, *, contents: bool = True) -> Snapshot | None:
        return Snapshot(self.folder, contents=contents and self.scenario.group not in MOVING) if self.engine.ours else None

    def _same(self, when: str, before: Snapshot | None, after: Snapshot | None) -> None:
        if before is not None and after is not None:
            different = before.differences(after)
            if different:
                raise Failed(f"{when}: " + "; ".join(different[:4]))

    def _main(self, name: str) -> None:
        module = types.ModuleType("__main__")
        module.__file__ = self.path(name)
        sys.modules["__main__"], sys.argv[0] = module, self.path(name)
        exec(compile(Path(self.path(name)).read_text(encoding="utf-8"), self.path(name), "exec", dont_inherit=True), module.__dict__)

    def _execute(self, what: str, code: str) -> None:
        if not code:
            return
        try:
            exec(compile(code, what, "exec", dont_inherit=True), self.names)
        except BaseException as error:
            line = [0, *traceback_lines(error, what)][-1]
            source = code.splitlines()[line - 1] if line else ""
            said = f" [{self.names['text'][:300]}]" if self.names["text"] else ""
            raise Failed(f"{what}: {source.strip()} -> {type(error).__name__} {str(error)[:300]}{said}") from error


def traceback_lines(error: BaseException, filename: str) -> list[int]:
    """Return the lines of one file that an error went through."""
    return [frame.lineno or 0 for frame in traceback.extract_tb(error.__traceback__) if frame.filename == filename]


def wait(true: Any, seconds: float = 10.0) -> bool:
    """Wait until something is true; returns whether it became so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.002)
    return bool(true())


def contents(folder: str) -> dict[str, bytes]:
    """Return the bytes of all Python files under a folder."""
    found = {}
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in ("__pycache__", ".git")]
        for name in names:
            path = Path(place) / name
            if name.endswith(".py") and path.exists():
                found[str(path)] = path.read_bytes()
    return found
