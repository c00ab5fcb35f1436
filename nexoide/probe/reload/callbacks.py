"""What the program wants to be called for after a reload: `on_reload` and whom it tells."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from types import CoroutineType

from ..guard import attempt
from ..values import type_name
from .deadline import Overdue, within
from .report import Definition, ReloadReport

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, Optional, Union

CALLBACK_S = 10.0
MAX_CALLBACKS = 1000


class _Registered:
    """One callback with the patterns of the files it is for."""

    __slots__ = ("call", "patterns")

    def __init__(self, call: Callable[[ReloadReport], object], patterns: Optional[tuple[str, ...]]) -> None:
        self.call, self.patterns = call, patterns

    def wants(self, files: Iterable[str]) -> bool:
        return self.patterns is None or any(_matches(file, pattern) for file in files for pattern in self.patterns)


_callbacks: list[_Registered] = []


def on_reload(
    callback: Callable[[ReloadReport], object], paths: Union[str, os.PathLike[str], Iterable[Union[str, os.PathLike[str]]], None] = None
) -> Callable[[], None]:
    """Have `callback(report)` called after every reload, or where a file of it matches one of `paths`; returns what ends that.

    A path is a glob (`config/*.toml`, `**/settings.py`), matched against the end of a file's path, or against all of it where
    it is absolute. Callbacks run in the thread that reloads; what one raises is noted in the report and breaks nothing.
    """
    if not callable(callback):
        raise TypeError(f"on_reload needs something that can be called with a report, not {type_name(type(callback))}")
    if len(_callbacks) >= MAX_CALLBACKS:
        raise RuntimeError(f"there are {MAX_CALLBACKS} reload callbacks already: call what on_reload returned to end one")
    patterns: Optional[tuple[str, ...]] = None
    if paths is not None:
        given = (paths,) if isinstance(paths, (str, os.PathLike)) else paths
        patterns = tuple(os.fspath(path) for path in given)
    entry = _Registered(callback, patterns)
    _callbacks.append(entry)

    def end() -> None:
        """Call it no longer."""
        _callbacks[:] = [other for other in _callbacks if other is not entry]

    return end


def run(report: ReloadReport) -> list[str]:
    """Call whoever wants to know of a report; returns a sentence for each callback that failed, and adds it to the notes."""
    notes = []
    for entry in _callbacks.copy():
        if entry.wants(report.files):
            problem = _call(entry.call, report)
            if problem:
                notes.append(f"The reload callback {_named(entry.call)} {problem}; the reload itself stands.")
    report.notes = tuple(dict.fromkeys([*report.notes, *notes]))
    return notes


def changed(files: Sequence[tuple[str, str]]) -> ReloadReport:
    """Tell the callbacks of watched files that are no modules; `files` are path and sha256, "" where it was deleted."""
    definitions = [Definition(os.path.basename(path), "", "file", "replaced" if digest else "removed", "", path) for path, digest in files]
    report = ReloadReport("committed", definitions, files=[path for path, _ in files])
    called = [entry for entry in _callbacks if entry.wants(report.files)]
    if not called:
        names = ", ".join(dict.fromkeys(item.module for item in definitions))
        report.notes = (f"No reload callback of the program is for {names}: it goes on with what it has read.",)
    run(report)
    return report


def _call(call: Callable[[ReloadReport], object], report: ReloadReport) -> str:
    made, error = attempt(_within_limit, call, report)
    if isinstance(error, Overdue):
        return f"was interrupted after {CALLBACK_S:g} s"
    if error is not None:
        return f"raised {shown(error)}"
    if type(made) is CoroutineType:
        made.close()
        return "is asynchronous, and nobody awaits it: register a plain function"
    return ""


def _within_limit(call: Callable[[ReloadReport], object], report: ReloadReport) -> object:
    with within(CALLBACK_S):
        return call(report)


def _named(call: Any) -> str:
    name = getattr(call, "__qualname__", None)
    return name if type(name) is str else type_name(type(call))


def shown(error: BaseException) -> str:
    """Return the type and the message of an exception, without calling its class."""
    arguments = BaseException.__dict__["args"].__get__(error)
    text = arguments[0] if type(arguments) is tuple and arguments and type(arguments[0]) is str else ""
    return f"{type_name(type(error))}: {text[:200]}" if text else type_name(type(error))


def _matches(path: str, pattern: str) -> bool:
    """Match a glob part by part from the end, `**` standing for any number of folders."""
    wanted = [part for part in pattern.replace(os.sep, "/").split("/") if part not in ("", ".")]
    if not pattern.startswith(("/", "**")):
        wanted.insert(0, "**")
    return _match_parts([part for part in path.replace(os.sep, "/").split("/") if part], wanted)


def _match_parts(parts: list[str], wanted: list[str]) -> bool:
    if not wanted:
        return not parts
    if wanted[0] == "**":
        return any(_match_parts(parts[skip:], wanted[1:]) for skip in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], wanted[0]) and _match_parts(parts[1:], wanted[1:])
