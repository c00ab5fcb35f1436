"""Failures and observations made by hand, for tests that need no run."""

from __future__ import annotations

from nexoide.model.failure import Failure, Frame, Raised, Source
from nexoide.repair.validation.trial import Observation


def failure(kind: str = "KeyError", message: str = "'a'", *places: tuple[str, int, str], source: Source = "main", text: str = "x = d['a']") -> Failure:
    """A failure with frames (file, line, function), the raising one last."""
    frames = tuple(Frame(file=file, line=line, function=function, source=text) for file, line, function in places)
    return Failure(target="", pid=1, source=source, at=0.0, exceptions=(Raised(type=kind, message=message, frames=frames),))


def seen(*failures: Failure, code: int | None = 1, problem: str = "", output: str = "") -> Observation:
    """What a run showed."""
    return Observation(exit_code=code, seconds=0.1, output=output, failures=failures, problem=problem)
