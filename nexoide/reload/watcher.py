"""Watches files and hands over what was saved together, as bytes: one burst at a time, in a thread of its own."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from nexoide.reload.assembly import Assembly
from nexoide.reload.bursts import QUIET_SECONDS, Burst, Gathering
from nexoide.reload.guard import contained
from nexoide.reload.observed import Observed, Touch
from nexoide.reload.operations import GitOperations
from nexoide.reload.selection import PYTHON, Selection

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self


def _silent(_: str) -> None:
    """Hear no notices."""


class Watcher:
    """Watches roots (folders or single files) and calls `on_burst` with each Burst.

    `start` remembers what is on disk as what is live, so it belongs before the start of the program. `on_burst` runs in
    the watcher's thread; what is saved meanwhile is merged into the next burst. When it returns, the burst's contents
    are live, except for the files it named in `refused` and those it raised for: these keep the content that was live,
    and come again when one of those refused with them is saved. `on_notice` gets sentences for people: limits reached,
    what cannot be read. `patterns` and `ignore` are those of `selection.Selection`.
    """

    def __init__(
        self,
        roots: Iterable[str | os.PathLike[str]],
        on_burst: Callable[[Burst], object],
        *,
        patterns: Iterable[str] = PYTHON,
        ignore: Iterable[str] = (),
        quiet_s: float = QUIET_SECONDS,
        on_notice: Callable[[str], object] = _silent,
        poll: bool = False,
    ) -> None:
        self._on_burst, self._on_notice, self._poll, self._quiet = on_burst, on_notice, poll, quiet_s
        self._observed = Observed([os.path.abspath(root) for root in roots], Selection(patterns, ignore), self._wake, self._notice)
        self._gathering = Gathering(quiet_s)
        self._assembly = Assembly(self._observed, self._gathering, self._notice)
        self._git = GitOperations()
        self._held_until = 0.0
        self._held = False
        self._lock = threading.RLock()  # of the assembly's ledger
        self._condition = threading.Condition(threading.Lock())
        self._woken = self._stopped = False
        self._redo: set[str] = set()
        self._thread: threading.Thread | None = None

    def start(self) -> Self:
        """Begin to watch; returns when every file's present content is known and no later save can be missed."""
        if self._thread is None:
            now = time.monotonic()
            for path in self._observed.open(poll=self._poll):
                self._assembly.remember(path, now)
            self._git.look_in(self._observed.root_folders())
            self._thread = threading.Thread(target=self._run, name="nexoide-watcher", daemon=True)
            self._thread.start()
        return self

    def stop(self) -> None:
        """End the watching; no burst is delivered any more when this returns, unless `on_burst` itself calls it."""
        with self._condition:
            self._stopped = True
            self._condition.notify()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
        self._observed.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    @property
    def polling(self) -> bool:
        """Whether files are compared again and again, because the kernel's notifications are not to be had."""
        return self._observed.polling

    @property
    def files(self) -> int:
        """How many files are watched."""
        return len(self._assembly.ledger.live)

    @property
    def folders(self) -> int:
        """How many folders are watched."""
        return len(self._observed.found.folders)

    @property
    def waiting(self) -> tuple[Path, ...]:
        """The files whose content on disk was refused and is not live."""
        with self._lock:
            return tuple(Path(path) for path in self._assembly.ledger.waiting)

    def live(self, path: str | os.PathLike[str]) -> bytes | None:
        """Return the content of a file that is taken to be live; None where there is none or its bytes are not kept."""
        with self._lock:
            return self._assembly.ledger.live.bytes_of(self._observed.path_of(os.fspath(path)))

    def settled(self, path: str | os.PathLike[str], content: bytes | None) -> None:
        """Say that `content` is live now (None: the file is gone); said before somebody else writes it, no burst comes of that."""
        with self._lock:
            self._assembly.settled(self._observed.path_of(os.fspath(path)), content)

    def refused(self, paths: Iterable[str | os.PathLike[str]]) -> None:
        """Say, before `on_burst` returns, which files could not be made live: their next save is compared with what is."""
        with self._lock:
            self._assembly.refused([self._observed.path_of(os.fspath(path)) for path in paths])

    def again(self, paths: Iterable[str | os.PathLike[str]] | None = None) -> None:
        """Offer refused files (default: all of them) once more, in one burst: what stood in their way may be gone."""
        chosen = None if paths is None else {self._observed.path_of(os.fspath(path)) for path in paths}
        with self._lock:
            self._redo.update(path for path in self._assembly.ledger.waiting if chosen is None or path in chosen)
        self._wake()

    def _wake(self) -> None:
        with self._condition:
            self._woken = True
            self._condition.notify()

    def _notice(self, sentence: str) -> None:
        contained(self._on_notice, sentence)

    def _run(self) -> None:
        while True:
            due = self._due_at()
            with self._condition:
                if not self._woken and not self._stopped:
                    self._condition.wait(None if due is None else max(due - time.monotonic(), 0))
                if self._stopped:
                    return
                self._woken = False
            error = contained(self._step)
            if error is not None:
                self._notice(f"Watching files met {type(error).__name__} ({error}) and goes on: save again what was not taken over.")

    def _due_at(self) -> float | None:
        ripe, look = self._gathering.ripe_at(), self._observed.due_at()
        times = ([] if ripe is None else [max(ripe, self._held_until)]) + ([] if look is None else [look])
        return min(times) if times else None

    def _step(self) -> None:
        """Take in what was touched, and deliver the burst where it is complete."""
        touches = self._observed.touched(time.monotonic())
        now = time.monotonic()
        with self._lock:
            redo, self._redo = self._redo, set()
            for touch in (*touches, *(Touch(path, now, whole=True, saved=True) for path in redo)):
                self._assembly.touch(touch)
        ripe = self._gathering.ripe_at()
        if ripe is None or now < max(ripe, self._held_until) or self._git_holds(now):
            return
        with self._lock:
            burst = self._assembly.burst(now)
            self._assembly.delivering()
        if burst is None:
            return
        error = contained(self._on_burst, burst)
        with self._lock:
            self._assembly.delivered(burst, failed=error is not None)
        if error is not None:
            self._notice(f"What was saved could not be taken over ({type(error).__name__}: {error}): save it again.")

    def _git_holds(self, now: float) -> bool:
        """Whether git is in the middle of something, or was a moment ago: it often begins the next step at once."""
        nested, self._observed.found.repositories = self._observed.found.repositories, set()
        self._git.look_in(nested)
        busy = self._git.busy(now, self._gathering.began, self._gathering.last)
        if busy or self._held:
            self._held = busy
            self._held_until = now + max(self._quiet, 0.005)
            return True
        if self._git.gave_up is not None:
            self._notice(f"{self._git.gave_up} is there and git writes nothing: what is saved is taken over without waiting for git.")
            self._git.gave_up = None
        return False
