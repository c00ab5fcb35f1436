"""Failures and trials in a few words, for the tests of this room."""

from __future__ import annotations

import sys
from pathlib import Path

from nexoide.model.failure import Failure, Frame, Raised, ValueView
from nexoide.repair.proposal import Proposal
from nexoide.repair.validation import Observation, Trial

Shown = str | ValueView


def value(text: str) -> ValueView:
    """Return the view of a value that was kept whole."""
    return ValueView(type="?", module="builtins", repr=text, literal=True)


def thing(kind: str, text: str = "", module: str = "") -> ValueView:
    """Return the view of an object of which only this is known."""
    return ValueView(type=kind, module=module, repr=text or f"<{kind}>")


def frame(root: Path, file: str, line: int, function: str, *, module: str = "", source: str = "", **seen: Shown) -> Frame:
    """Return a frame; a text stands for a value that was kept whole."""
    views = {name: item if isinstance(item, ValueView) else value(item) for name, item in seen.items()}
    return Frame(file=str(root / file), line=line, function=function, module=module, source=source, locals=views)


def failure(*frames: Frame, error: str = "KeyError", message: str = "'qty'") -> Failure:
    """Return a failure that ended a program."""
    return Failure(target="t", pid=1, source="main", at=0.0, exceptions=(Raised(type=error, message=message, frames=frames),))


def lay(root: Path, files: dict[str, str]) -> Path:
    """Write the files and return their resolved root."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root.resolve()


def proposal(root: Path, path: str, old: str, new: str) -> Proposal:
    """Return a proposal that replaces one piece of text in one file."""
    base = (root / path).read_bytes()
    changed = base.replace(old.encode(), new.encode())
    assert changed != base
    return Proposal(rule="test", title="t", rationale="r", files={path: (base, changed)}, prior=0.7)


def trial(root: Path, made: Proposal, seen: Failure, *, command: tuple[str, ...] = ("python", "main.py"), python: str = "", timeout: float = 20.0) -> Trial:
    """Return a trial with the interpreter that runs these tests."""
    return Trial(root=root, proposal=made, failure=seen, python=python or sys.executable, command=command, timeout=timeout)


def ran(output: str = "", *failures: Failure, code: int | None = 0, seconds: float = 0.1, timed_out: bool = False, problem: str = "") -> Observation:
    """Return what a run showed."""
    return Observation(exit_code=code, seconds=seconds, output=output, failures=failures, timed_out=timed_out, problem=problem)
