"""A time limit for the program's own code that runs in a reload: imports, initialisers, hooks.

An endless loop in Python is interrupted by an exception that is set in its thread from outside, again and again while the
program swallows it. What waits inside C code (a lock, a socket, a sleep) is reached when it comes back.
"""

from __future__ import annotations

import os
import weakref
from _thread import RLock, allocate_lock, get_ident, start_new_thread
from time import monotonic, sleep

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TICK_S = 0.02
_armed: dict[int, _State] = {}
_running = allocate_lock()  # held for the watcher's thread while there is one
_pid = os.getpid()


class Overdue(BaseException):
    """The program's own code took longer than it may; no Exception, so that fewer of its handlers swallow it."""

    def __str__(self) -> str:
        return "it took longer than it may"


class within:  # noqa: N801
    """Context manager: what the block calls is interrupted by Overdue, in its own thread, where it is not done in `seconds`.

    `overdue` tells afterwards whether the time was over, also where the program swallowed every interruption. Put a call
    into the block, not a loop: the interpreter's own tables miss interruptions at some jumps of the frame they are in.
    """

    __slots__ = ("__weakref__", "_seconds", "_state")

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._state = _State(weakref.ref(self))

    @property
    def overdue(self) -> bool:
        """Whether the block was interrupted."""
        return self._state.fired

    def __enter__(self) -> within:
        self._state.due = monotonic() + self._seconds
        _armed[id(self._state)] = self._state
        _start()
        return self

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        while not self._state.disarmed():
            pass


class _State:
    """One block as its watcher knows it, without keeping the context manager alive."""

    __slots__ = ("_block", "_gate", "_ident", "done", "due", "fired")

    def __init__(self, block: weakref.ref[within]) -> None:
        self._block, self._ident = block, get_ident()
        self._gate = RLock()
        self.done, self.fired, self.due = False, False, 0.0

    def disarmed(self) -> bool:
        """Make sure that no interruption is set any more; False where one came in between and it has to be done again."""
        # The gate is re-entrant and never given back: taking it again after an interruption works, and once it is taken
        # the watcher cannot set another one.
        try:
            self._gate.acquire()
            self.done = True
            if self.fired:
                _set(self._ident, None)
            _armed.pop(id(self), None)
        except Overdue:
            return False
        return True

    def check(self, now: float) -> bool:
        """Interrupt the block where its time is over; False where it has ended."""
        if self.done or self._block() is None:
            return False
        if now >= self.due and self._gate.acquire(False):
            try:
                if not self.done:
                    self.fired = True
                    _set(self._ident, Overdue)
            finally:
                self._gate.release()
        return True


def _start() -> None:
    """Have the watcher's thread run; it ends by itself a tick after the last block."""
    global _pid, _running
    if os.getpid() != _pid:  # the child of a fork: the thread stayed in the parent
        _pid, _running = os.getpid(), allocate_lock()
    if _running.acquire(False):
        try:
            start_new_thread(_watch, (_running,))
        except RuntimeError:  # no thread can be started now (a limit, the interpreter's end): then there is no time limit
            _running.release()


def _watch(mine: Any) -> None:
    while True:
        while _sweep():
            sleep(TICK_S)
        mine.release()
        if not _armed or not mine.acquire(False):
            return


def _sweep() -> bool:
    now = monotonic()
    for key, state in list(_armed.items()):
        if not state.check(now):
            _armed.pop(key, None)
    return bool(_armed)


def _set(ident: int, kind: Any) -> None:
    """Set, or with None take back, the exception that a thread raises at its next instruction."""
    try:
        import ctypes
    except ImportError:  # an interpreter without it: then there is no time limit
        return
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), None if kind is None else ctypes.py_object(kind))
