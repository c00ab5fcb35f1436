"""The inside of a forked copy: everything that leads out is shut, the patch is taken over, the call made again, the answer written."""

from __future__ import annotations

import gc
import hashlib
import os
import signal
import sys
from itertools import islice
from types import FunctionType

from .capture import message_of, traceback_of
from .holding import VARARGS, VARKEYWORDS, parameters
from .values import type_name, view
from .wire import dumps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any, Optional

    from .holding import Call, Held
    from .messages import Wanted

MAX_STEPS = 10_000
MAX_FILE = 1 << 20
SPARE = 512 << 20
_GENERATOR, _COROUTINE, _ASYNC_GENERATOR = 0x20, 0x80, 0x200
_REFUSED = (
    "socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.startfile", "os.kill", "os.killpg",
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.chmod", "os.chown", "os.link", "os.symlink", "os.truncate", "os.utime", "os.setxattr",
    "os.removexattr", "os.putenv", "os.unsetenv", "shutil.", "tempfile.", "pty.spawn", "sqlite3.connect", "ftplib.", "smtplib.", "imaplib.", "poplib.",
    "http.client.", "urllib.Request", "webbrowser.", "signal.pthread_kill", "syslog.", "fcntl.", "mmap.__new__", "ctypes.dlopen", "resource.setrlimit",
)  # fmt: skip


class Refused(BaseException):
    """The call wanted to reach out of the copy; no handler of the program's for exceptions takes it."""


class Gate:
    """The audit hook: it cannot be taken off again, which is why it is only ever set in a copy."""

    def __init__(self) -> None:
        self.shut, self.wanted = False, ""

    def __call__(self, event: str, arguments: Any) -> None:
        """Refuse what has an effect beyond this process."""
        if not self.shut:
            return
        if event == "open":
            mode, flags = arguments[1], arguments[2]
            writes = (type(mode) is str and any(letter in mode for letter in "wax+")) or (
                type(flags) is int and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
            )
            if not writes:
                return
        elif not event.startswith(_REFUSED):
            return
        self.wanted = self.wanted or f"{event} {arguments[0] if event == 'open' and arguments else ''}".strip()[:200]
        raise Refused(self.wanted)


def run(held: Held, level: int, files: list[Wanted], writer: int, seconds: float) -> None:
    """Make the call again and end this process; never returns."""
    try:
        _alone(writer, seconds)
        gate = Gate()
        sys.addaudithook(gate)
        answer = _attempt(held.calls[level], files, gate)
    except BaseException as error:
        answer = {"outcome": "not replayable", "why": f"the copy could not be made ready ({type_name(type(error))})"}
    try:
        os.write(writer, dumps(answer).encode())
    finally:
        os._exit(0)


def _alone(writer: int, seconds: float) -> None:
    """Close every way out but the answer's, and let the kernel end this process when its time is over."""
    import resource

    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})
    signal.setitimer(signal.ITIMER_REAL, seconds)
    gc.disable()
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        if standard != writer:
            os.dup2(nothing, standard)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    top = 1 << 20 if most == resource.RLIM_INFINITY else min(most, 1 << 20)
    os.closerange(3, writer)
    os.closerange(writer + 1, top)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def _attempt(call: Call, files: list[Wanted], gate: Gate) -> dict[str, Any]:
    rebound = _rebound(call.code)
    if rebound:
        return {"outcome": "not replayable", "why": f"its parameter {rebound} was given another value before it failed"}
    function = _function(call)
    if function is None:
        return {"outcome": "not replayable", "why": "the function that failed is not one of a module or class"}
    if files:
        why = _take_over(files)
        if why:
            return {"outcome": "not replayable", "why": f"the copy cannot take the patch: {why}"}
    gate.shut = True
    try:
        value = _call(function, call)
    except Refused as refusal:
        return {"outcome": "not replayable", "why": f"the call wants to reach out of the copy: {gate.wanted or refusal}"}
    except BaseException as error:
        gate.shut = False
        if gate.wanted:
            return {"outcome": "not replayable", "why": f"the call wants to reach out of the copy: {gate.wanted}"}
        return _raised(error)
    gate.shut = False
    if gate.wanted:
        return {"outcome": "not replayable", "why": f"the call wants to reach out of the copy: {gate.wanted}"}
    shown = view(value, attributes=False)
    text = f"{shown['type']} {shown['repr']}"
    return {"outcome": "returned", "type": shown["type"], "value": shown["repr"], "digest": hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()}


def _raised(error: BaseException) -> dict[str, Any]:
    entry, last = traceback_of(error), None
    while entry is not None:
        last, entry = entry, entry.tb_next
    where = (last.tb_frame.f_code.co_filename, last.tb_lineno) if last is not None else ("", 0)
    message, _ = message_of(error)
    return {"outcome": "raised", "type": type_name(type(error)), "message": message[:500], "file": where[0], "line": where[1]}


def _rebound(code: CodeType) -> str:
    """Return a parameter that the function gives another value, so that what it was called with is not known; "" where there is none."""
    import dis

    names = set(parameters(code))
    for item in dis.get_instructions(code):
        if item.opname.startswith(("STORE_FAST", "DELETE_FAST", "STORE_DEREF", "DELETE_DEREF")):
            values = item.argval if type(item.argval) is tuple else (item.argval,)
            stored = values[:1] if item.opname == "STORE_FAST_LOAD_FAST" else values
            for value in stored:
                if value in names:
                    return str(value)
    return ""


def _function(call: Call) -> Optional[FunctionType]:
    """Return the function of a module, or of a class in it, that runs a code object; wrappers are looked through."""
    found: Any
    waiting: list[tuple[Any, int]] = [(value, 0) for value in list(call.globals.values())]
    seen: set[int] = set()
    while waiting and len(seen) < 20_000:
        value, depth = waiting.pop()
        if id(value) in seen or depth > 4:
            continue
        seen.add(id(value))
        kind = type(value)
        if kind is FunctionType:
            if value.__code__ is call.code:
                found = value
                return found  # type: ignore[no-any-return]
            for cell in value.__closure__ or ():
                try:
                    waiting.append((cell.cell_contents, depth + 2))
                except ValueError:
                    continue
            waiting.append((value.__dict__.get("__wrapped__"), depth + 1))
        elif kind in (staticmethod, classmethod):
            waiting.append((value.__func__, depth + 1))
        elif kind is property:
            waiting += [(part, depth + 1) for part in (value.fget, value.fset, value.fdel)]
        elif issubclass(kind, type):
            waiting += [(part, depth + 1) for part in list(type.__dict__["__dict__"].__get__(value).values())]
    return None


def _take_over(files: list[Wanted]) -> str:
    """Bring this copy to the patch, the way a deployment would; returns why it cannot, "" where it did."""
    from .commands import take_over

    return take_over(files)


def _call(function: FunctionType, call: Call) -> Any:
    code, given = call.code, call.given
    names = parameters(code)
    plain, keywords = names[: code.co_argcount], names[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    rest = names[code.co_argcount + code.co_kwonlyargcount :]
    arguments = [given[name] for name in plain]
    if code.co_flags & VARARGS:
        arguments += given[rest[0]]
    named = {name: given[name] for name in keywords}
    if code.co_flags & VARKEYWORDS:
        named.update(given[rest[-1]])
    value = function(*arguments, **named)
    if code.co_flags & _COROUTINE:
        return _finished(value)
    if code.co_flags & _GENERATOR:
        return list(islice(value, MAX_STEPS))
    if code.co_flags & _ASYNC_GENERATOR:
        return _finished(_all(value))
    return value


async def _all(value: Any) -> list[Any]:
    return [item async for item in value]


def _finished(value: Any) -> Any:
    """Run a coroutine to its end on a loop that has nothing to wait for: the selector of a real one would need a descriptor."""
    from asyncio import events

    running: Any = events._set_running_loop  # noqa: SLF001  (the only way to say which loop runs without one that needs a descriptor)
    running(_Loop())
    try:
        for _ in range(MAX_STEPS):
            try:
                value.send(None)
            except StopIteration as end:
                return end.value
        raise Refused("it waits for something")
    finally:
        running(None)


class _Loop:
    """Stands for the running loop; whatever is asked of it is refused, for nothing would ever answer."""

    def __getattr__(self, name: str) -> Any:
        raise Refused(f"it asks the event loop for {name}")
