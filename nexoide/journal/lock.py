"""One owner at a time: a lock that the kernel gives back when its owner ends, however it ends."""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from nexoide.errors import AlreadyRunningError, RefusedError

_ATTEMPTS = 10


def process_start_time(pid: int) -> int:
    """Return when a process started, in clock ticks since boot, so that a reused pid is told apart; 0 if unknown."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return int(text.rpartition(")")[2].split()[19])
    except (OSError, IndexError, ValueError):
        return 0


class WorkspaceLock:
    """An advisory lock (flock) on a file that says who holds it: `pid start-time`.

    The kernel's lock decides, never the text: a stale or foreign pid in the file hinders nobody. The file is never
    removed, because removing it would let two owners hold two different files of one name.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = -1

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._descriptor >= 0

    def acquire(self) -> None:
        """Take the lock at once; raises AlreadyRunningError, naming the holder's pid, where it is taken."""
        if self.held:
            return
        for _ in range(_ATTEMPTS):
            descriptor = self._open()
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                text = _text(descriptor)
                os.close(descriptor)
                raise self._refusal(error, text) from error
            if self._still_there(descriptor):
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, f"{os.getpid()} {process_start_time(os.getpid())}\n".encode(), 0)
                self._descriptor = descriptor
                return
            os.close(descriptor)
        raise RefusedError(f"{self.path} is being replaced again and again: find out what removes it, or set NEXOIDE_RUNTIME_DIR to another place.")

    def release(self) -> None:
        """Give the lock back; does nothing where it is not held."""
        if self.held:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = -1

    def holder(self) -> int:
        """Return the pid that the file names as holder where that process runs, else 0; never takes the lock itself."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            return 0
        try:
            return _pid(_text(descriptor))
        finally:
            os.close(descriptor)

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.release()

    def _open(self) -> int:
        try:
            return os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise RefusedError(f"The lock {self.path} cannot be opened ({error.strerror}): mend its folder's permissions.") from error

    def _still_there(self, descriptor: int) -> bool:
        try:
            named = self.path.lstat()
        except FileNotFoundError:
            return False
        return os.path.samestat(named, os.fstat(descriptor))

    def _refusal(self, error: OSError, text: str) -> AlreadyRunningError | RefusedError:
        if error.errno not in (errno.EAGAIN, errno.EACCES):
            return RefusedError(f"The lock {self.path} cannot be taken ({error.strerror}): the file system may not support locks.")
        pid = _pid(text)
        who = f"the process {pid}" if pid else "another process"
        return AlreadyRunningError(f"A supervisor already owns this workspace ({who} holds {self.path}): use it, or stop it with 'nexoide down'.")


def _text(descriptor: int) -> str:
    return os.pread(descriptor, 64, 0).decode("ascii", errors="replace")


def _pid(text: str) -> int:
    """Return the pid that the lock's text names, or 0 where that process is gone or its number was reused."""
    words = text.split()
    if len(words) != 2 or not (words[0].isdecimal() and words[1].isdecimal()):
        return 0
    pid, started = int(words[0]), int(words[1])
    if started:
        return pid if started == process_start_time(pid) else 0
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return 0
    except PermissionError:
        pass
    return pid
