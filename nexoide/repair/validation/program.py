"""What a command runs: a script or module of the project under Python, which a warm interpreter can run as well."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_INTERPRETER = re.compile(r"python(?:\d(?:\.\d+)?)?$")
_ALONE = re.compile(r"-[bBdEiIOPqsSuv]+$")
_WITH_VALUE = frozenset({"-W", "-X"})


@dataclass(frozen=True, slots=True)
class Program:
    """A script (relative to the root) or a module, with its arguments: `words` begin with either."""

    words: tuple[str, ...]
    is_module: bool = False

    @property
    def after_python(self) -> tuple[str, ...]:
        """The words that follow the interpreter."""
        return ("-m", *self.words) if self.is_module else self.words


def program_of(command: Sequence[str], root: Path) -> Program | None:
    """Return what a command runs; None where it is no Python script or module inside the root, or a test runner."""
    if not command or not _INTERPRETER.match(Path(command[0]).name):
        return None
    rest = list(command[1:])
    while rest and rest[0].startswith("-") and rest[0] != "-m":
        if rest[0] in _WITH_VALUE:
            rest.pop(0)
        elif not _ALONE.match(rest[0]):
            return None
        rest = rest[1:]
    if not rest:
        return None
    if rest[0] == "-m":
        return Program(tuple(rest[1:]), is_module=True) if len(rest) > 1 and rest[1] not in ("pytest", "unittest") else None
    script = Path(rest[0])
    try:
        inside = (script if script.is_absolute() else root / script).resolve().relative_to(root.resolve())
    except (ValueError, OSError):
        return None
    return Program((inside.as_posix(), *rest[1:])) if (root / inside).is_file() else None
