"""Runs inside the sandbox: makes calls that were rebuilt from captured values, each in a process of its own, and says what came out.

Standard library only, Python 3.9 and later.
"""

from __future__ import annotations

import functools
import importlib
import io
import itertools
import os
import signal
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Say = Callable[..., None]

_MAX_TEXT = 2000
_guard: Any = importlib.import_module("nexoide_guard")
_MAX_ITEMS = 1000
_MAX_DEPTH = 8
_PLAIN = (type(None), bool, int, float, complex, str, bytes)


def run(job: dict[str, Any], say: Say) -> int:
    """Make the calls of each set; a set is imported once, in a process of its own."""
    until = time.monotonic() + float(job["seconds"])
    for number, wanted in enumerate(job["sets"]):
        _apart(functools.partial(_set, number, wanted, say, float(job["each"]), job["cwd"]), until)
    return 0


def _set(number: int, wanted: dict[str, Any], say: Say, each: float, project: str) -> None:
    sys.path[:0] = wanted["path"]
    names, error = _guard.attempt(_imported, wanted["imports"])
    if error is not None:
        say(set=number, stage="import", **_failure(error, project))
        return
    for place, expression in enumerate(wanted["expressions"]):
        ended = _apart(functools.partial(_one, number, place, expression, names, say, project), time.monotonic() + each)
        if not ended:
            say(set=number, call=place, stage="late")


def _imported(pairs: list[list[str]]) -> dict[str, Any]:
    names: dict[str, Any] = {}
    for module, name in pairs:
        found = importlib.import_module(module)
        if name:
            names[name] = getattr(found, name)
        else:
            names[module.partition(".")[0]] = sys.modules[module.partition(".")[0]]
    return names


def _apart(step: Callable[[], None], until: float) -> bool:
    """Run a step in a forked process; says whether it ended in time."""
    pid = os.fork()
    if pid == 0:
        try:
            step()
        finally:
            os._exit(0)
    pause = 0.0005
    while True:
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return True
        if time.monotonic() > until:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return False
        time.sleep(pause)
        pause = min(0.02, pause * 1.5)


def _one(number: int, place: int, expression: str, names: dict[str, Any], say: Say, project: str) -> None:
    printed = io.StringIO()
    kept, sys.stdout = sys.stdout, printed
    value, error = _guard.attempt(_evaluated, expression, names)
    sys.stdout = kept
    if error is not None:
        say(set=number, call=place, stage="call", printed=printed.getvalue()[:_MAX_TEXT], **_failure(error, project))
        return
    literal = _is_literal(value, 0)
    text = repr(value) if literal else _shown(value)
    say(
        set=number,
        call=place,
        stage="done",
        type=type(value).__name__,
        value=text[:_MAX_TEXT],
        literal=literal and len(text) <= _MAX_TEXT,
        printed=printed.getvalue()[:_MAX_TEXT],
    )


def _evaluated(expression: str, names: dict[str, Any]) -> Any:
    return _finished(eval(compile(expression, "<call>", "eval", dont_inherit=True), dict(names)))  # noqa: S307  (built from literals, and confined)


def _finished(value: Any) -> Any:
    """Return what a call comes to: a coroutine's result, the items of a generator."""
    if hasattr(value, "send") and hasattr(value, "cr_code"):
        return importlib.import_module("asyncio").run(value)
    if hasattr(value, "__next__") and type(value).__module__ == "builtins":
        return list(itertools.islice(value, _MAX_ITEMS))
    return value


def _failure(error: BaseException, project: str) -> dict[str, Any]:
    frames = []
    at = error.__traceback__
    while at is not None:
        code = at.tb_frame.f_code
        if code.co_filename.startswith(project + os.sep):
            frames.append([code.co_filename, at.tb_lineno, code.co_name])
        at = at.tb_next
    message = _guard.attempt(str, error)[0] or ""
    return {"error": type(error).__name__, "message": message[:_MAX_TEXT], "frames": frames[-20:]}


def _is_literal(value: Any, depth: int) -> bool:
    if type(value) in (list, tuple, set, dict):
        if depth > _MAX_DEPTH or len(value) > _MAX_ITEMS or (type(value) is set and not value):
            return False
        parts = itertools.chain(value.keys(), value.values()) if type(value) is dict else iter(value)
        return all(_is_literal(item, depth + 1) for item in parts)
    if isinstance(value, float) and (value != value or value in (float("inf"), -float("inf"))):
        return False
    return type(value) in _PLAIN


def _shown(value: Any) -> str:
    """Return an object as its own repr, or as its type and what it holds where that is an address or fails."""
    text = _guard.attempt(repr, value)[0]
    if isinstance(text, str) and " at 0x" not in text:
        return text
    return _guard.attempt(_held, value)[0] or type(value).__qualname__


def _held(value: Any) -> str:
    return f"{type(value).__qualname__} {sorted((str(name), repr(item)[:200]) for name, item in vars(value).items())}"
