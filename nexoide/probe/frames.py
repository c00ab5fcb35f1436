"""Turns a traceback into frames: where, in which function, on which source, and what its variables were.

Columns come from `co_positions` (3.11 and later) and are converted from UTF-8 bytes to code points, 0-based.
"""

from __future__ import annotations

import os
import sys
from _collections import deque  # type: ignore[import-not-found]
from _io import open as open_file  # the builtin name is gone while the interpreter ends
from itertools import islice
from types import FunctionType, ModuleType

from . import sources
from .redact import redact
from .values import BOUND_KINDS, _mro, _type_vars, view

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType, TracebackType
    from typing import Any, Optional

HEAD = 12
TAIL = 28
MAX_LOCALS = 32
MAX_VIEWS = 320  # of one failure
LAST_FRAMES = 3
MAX_SOURCE = 400
MAX_FILE_BYTES = 4 << 20
MAX_FILES = 256
_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep
_MIDDLEWARE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "middleware") + os.sep

_lines: dict[str, list[str]] = {}
_places: dict[str, tuple[str, bool]] = {}


class Budget:
    """How many more values one failure may show."""

    def __init__(self) -> None:
        self.views = MAX_VIEWS


def place(filename: str) -> tuple[str, bool]:
    """Return the absolute path of a code object's file, and whether it is the workspace's own code."""
    key = f"{len(sources.roots)}{filename}"  # a folder that is watched from now on changes what is its own
    known = _places.get(key)
    if known is None:
        if len(_places) > MAX_FILES * 4:
            _places.clear()
        path = filename if filename.startswith("<") else os.path.abspath(filename)
        roots = [os.environ.get("NEXOIDE_PROBE_ROOT", ""), *sources.roots]
        known = _places[key] = (path, any(_within(path, root) for root in roots if root))
    return known


def _within(path: str, root: str) -> bool:
    if path.startswith("<") or os.sep + "site-packages" + os.sep in path or os.sep + "dist-packages" + os.sep in path:
        return False
    return os.path.realpath(path).startswith(os.path.realpath(root) + os.sep) or path.startswith(root.rstrip(os.sep) + os.sep)


def source_line(path: str, line: int) -> str:
    """Return one line of a source file as it was when first read or last reloaded, "" where it cannot be."""
    known = _lines.get(path)
    if known is None:
        if len(_lines) >= MAX_FILES:
            _lines.clear()
        known = _lines[path] = _read_lines(path)
    return known[line - 1] if 0 < line <= len(known) else ""


def source_changed(path: str, text: str) -> None:
    """Take `text` as the source of a file from now on."""
    _lines[path] = text.split("\n")


def _read_lines(path: str) -> list[str]:
    if path.startswith("<"):
        return []
    try:
        with open_file(path, "rb") as stream:
            data = stream.read(MAX_FILE_BYTES)
    except (OSError, ValueError):
        return []
    return data.decode("utf-8", "replace").lstrip("\ufeff").replace("\r\n", "\n").split("\n")


def frames(traceback: Optional[TracebackType], budget: Budget) -> list[dict[str, Any]]:
    """Return the frames of a traceback, the raising one last: all of up to 40, else the first 12 and the last 28."""
    head: list[TracebackType] = []
    tail: deque[TracebackType] = deque(maxlen=TAIL)
    while traceback is not None:
        if not _of_probe(traceback.tb_frame.f_code.co_filename):
            if len(head) < HEAD:
                head.append(traceback)
            else:
                tail.append(traceback)
        traceback = traceback.tb_next
    chosen = [*head, *tail]
    found = [_frame(entry, budget, position >= len(chosen) - LAST_FRAMES) for position, entry in reversed(list(enumerate(chosen)))]
    return found[::-1]


def _of_probe(filename: str) -> bool:
    return filename.startswith((_HERE, _MIDDLEWARE))


def _frame(entry: TracebackType, budget: Budget, last: bool) -> dict[str, Any]:
    frame, code = entry.tb_frame, entry.tb_frame.f_code
    path, own = place(code.co_filename)
    line, end_line, column, end_column = positions(entry)
    source = source_line(path, line)
    module = dict.get(frame.f_globals, "__name__")
    described: dict[str, Any] = {
        "file": path,
        "line": line,
        "function": qualified_name(frame),
        "module": module if type(module) is str else "",
        "source": redact(source.strip()[:MAX_SOURCE], code=True),
        "end_line": end_line,
        "column": _points(source, column),
        "end_column": _points(source if end_line == line else source_line(path, end_line), end_column),
    }
    if own or last:
        described["locals"] = _locals(frame, source, budget, attributes=last)
    return described


def positions(entry: TracebackType) -> tuple[int, int, int, int]:
    """Return line, end line, and the two columns in bytes of what an entry was executing; -1 where it is not known."""
    line = entry.tb_lineno or entry.tb_frame.f_code.co_firstlineno
    table = getattr(entry.tb_frame.f_code, "co_positions", None)
    if table is None or entry.tb_lasti < 0:
        return line, -1, -1, -1
    for start, end, column, end_column in islice(table(), entry.tb_lasti // 2, None):
        if start != line or end is None or column is None or end_column is None:
            break
        return line, end, column, end_column
    return line, -1, -1, -1


def _points(source: str, column: int) -> int:
    if column <= 0 or source.isascii():
        return column
    return len(source.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "replace"))


def qualified_name(frame: FrameType) -> str:
    """Return the qualified name of a frame's function; before 3.11 found through `self`, `cls` or the module."""
    code = frame.f_code
    known: Optional[str] = getattr(code, "co_qualname", None)
    if known is not None:
        return known
    if code.co_name.startswith("<"):
        return code.co_name
    module_level = dict.get(frame.f_globals, code.co_name)
    if type(module_level) is FunctionType and module_level.__code__ is code:
        return code.co_name
    if code.co_argcount and type(frame.f_locals) is dict:
        first = frame.f_locals.get(code.co_varnames[0])
        for kind in _mro(first if issubclass(type(first), type) else type(first)):
            if _holds(_type_vars(kind).get(code.co_name), code):
                return f"{type.__dict__['__qualname__'].__get__(kind)}.{code.co_name}"
    return code.co_name


def _holds(attribute: Any, code: CodeType) -> bool:
    if type(attribute) in BOUND_KINDS:
        attribute = attribute.__func__
    elif type(attribute) is property:
        attribute = attribute.fget
    return type(attribute) is FunctionType and attribute.__code__ is code


def _locals(frame: FrameType, source: str, budget: Budget, *, attributes: bool) -> dict[str, Any]:
    variables = frame.f_locals
    if type(variables) is not dict and type(variables).__name__ != "FrameLocalsProxy":
        return {}
    try:
        names = [name for name in list(variables) if type(name) is str and _tells(name, variables[name], frame)]
    except (RuntimeError, KeyError):
        return {}
    names.sort(key=lambda name: name not in source)
    shown = {}
    for name in names[:MAX_LOCALS]:
        if budget.views <= 0:
            break
        budget.views -= 1
        shown[name] = view(variables.get(name), name, attributes=attributes)
    return shown


def _tells(name: str, value: Any, frame: FrameType) -> bool:
    if frame.f_locals is not frame.f_globals and sys.version_info < (3, 13):
        return not name.startswith("__")
    if frame.f_code.co_name != "<module>":
        return not name.startswith("__")
    return not name.startswith("__") and not issubclass(type(value), (ModuleType, type)) and type(value) is not FunctionType
