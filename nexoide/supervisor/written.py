"""To be told once that a file is written to: no polling while nothing happens, and no wake-up for every line while much happens.

The kernel's one-shot watches (inotify(7), IN_ONESHOT) fit that exactly: the first write after `arm` is told, the million after it are not.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

UNWATCHED_SECONDS = 1.0
"""How long it is waited where a file cannot be watched: it is not there yet, or the limit of watches is reached."""
_MODIFY, _ONESHOT = 0x0000_0002, 0x8000_0000
_FLAGS = os.O_NONBLOCK | os.O_CLOEXEC
_EVENT = struct.Struct("iIII")


class Written:
    """One-shot watches on one event loop; `close` gives them back."""

    def __init__(self) -> None:
        self._handle = -1
        self._waiting: dict[int, set[asyncio.Future[None]]] = {}
        self._libc = ctypes.CDLL(None, use_errno=True)

    def arm(self, paths: Iterable[Path]) -> asyncio.Future[None]:
        """Return what is done as soon as one of the files is written to; look at them once more before waiting for it."""
        loop = asyncio.get_running_loop()
        told: asyncio.Future[None] = loop.create_future()
        for path in paths:
            number = self._watch(path)
            if number >= 0:
                self._waiting[number] = {told, *(one for one in self._waiting.get(number, ()) if not one.done())}
            else:
                loop.call_later(UNWATCHED_SECONDS, _tell, told)
        return told

    def _watch(self, path: Path) -> int:
        if self._handle < 0 and not self._open():
            return -1
        return int(self._libc.inotify_add_watch(self._handle, os.fsencode(path), ctypes.c_uint32(_MODIFY | _ONESHOT)))

    def _open(self) -> bool:
        if not hasattr(self._libc, "inotify_init1"):
            return False
        self._handle = self._libc.inotify_init1(_FLAGS)
        if self._handle >= 0:
            asyncio.get_running_loop().add_reader(self._handle, self._read)
        return self._handle >= 0

    def _read(self) -> None:
        try:
            raw = os.read(self._handle, 64 << 10)
        except BlockingIOError:
            return
        place = 0
        while place + _EVENT.size <= len(raw):
            number, _, _, length = _EVENT.unpack_from(raw, place)
            place += _EVENT.size + length
            for told in self._waiting.pop(number, ()):
                _tell(told)

    def close(self) -> None:
        """Give the watches back; whoever still waits is told."""
        if self._handle >= 0:
            asyncio.get_running_loop().remove_reader(self._handle)
            os.close(self._handle)
            self._handle = -1
        waiting, self._waiting = self._waiting, {}
        for told in [one for those in waiting.values() for one in those]:
            _tell(told)


def _tell(told: asyncio.Future[None]) -> None:
    if not told.done():
        told.set_result(None)
