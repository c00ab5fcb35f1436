"""Follows the files of all sources on the event loop: what is written is read in small turns, fair over files, and nothing runs while nothing is written."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from nexoide.incidents.files import notifications as n
from nexoide.incidents.files.catalogue import Catalogue, Watched
from nexoide.incidents.files.copies import Place
from nexoide.incidents.files.followed import Elsewhere, Followed
from nexoide.incidents.files.handles import OpenFiles, Slice
from nexoide.incidents.files.names import shown
from nexoide.incidents.files.opening import Refused
from nexoide.incidents.files.watches import Watches
from nexoide.model.failure import Failure

PACE_SECONDS = 0.005
LOOK_SHARE = 4
"""How many times longer than a look took it is waited until the next one, at most `MAX_LOOK_SECONDS`."""
MIN_LOOK_SECONDS, MAX_LOOK_SECONDS = 0.002, 1.0
DELETED_SECONDS = 10.0
"""How long a deleted file is kept open after the last that was written to it."""
MAX_DISPLACED = 64
"""How many files are followed that rotation renamed to what no pattern matches: a program may write on into one for long."""
TIMES_SECONDS = 0.02

Take = Callable[[Watched, Failure], None]


class Follower:
    """Follows sources and calls `take` with each failure, on the event loop's thread.

    `notice` gets sentences for people, each once. With `history` what is there at first is read as well, without it only what
    comes later. `places` are those of an earlier follower, by the source's name: a source that is among them goes on where it
    was, and reads what appeared since.
    """

    def __init__(
        self,
        sources: Sequence[Watched],
        take: Take,
        *,
        notice: Callable[[str], None],
        wall: Callable[[], float] = time.time,
        places: Mapping[str, tuple[Place, ...]] | None = None,
        fresh: Collection[str] | None = None,
        history: bool = False,
        poll: bool = False,
        progress: Callable[[], None] | None = None,
    ) -> None:
        self._take, self._notice, self._wall, self._progress = take, notice, wall, progress
        known = places or {}
        skipped = () if history else [source.name for source in sources if source.name not in known] if fresh is None else fresh
        self.catalogues = [Catalogue(source, known.get(source.name, ()), skip=source.name in skipped) for source in sources]
        self._of: dict[Followed, Catalogue] = {}
        self._dirty: dict[Followed, None] = {}
        self._stale: dict[Catalogue, None] = dict.fromkeys(self.catalogues)
        self._held: dict[Followed, float] = {}
        self._leaving: dict[Followed, float] = {}
        self._open = OpenFiles()
        self._said: set[str] = set()
        self._wake = asyncio.Event()
        self._watches = Watches(self._wake.set, self._say_once, poll=poll)
        self._timer: asyncio.TimerHandle | None = None
        self._look_at = self._taken_at = self._times_at = -1.0
        self._slice = Slice()
        self._closed = False
        self._ended: asyncio.Event | None = None

    async def start(self) -> None:
        """Find the files; what is written after this returns is read, what was there is treated as history."""
        await self._look()

    async def run(self) -> None:
        """Follow until `close`."""
        while not self._closed and (self._ended is None or self.behind):
            await self._turn()
        if self._ended is not None:
            self._ended.set()

    async def finish(self, seconds: float) -> bool:
        """Read all that is there now and let `run` end; returns whether that was done within so many seconds."""
        self._ended = asyncio.Event()
        self._stale.update(dict.fromkeys(self.catalogues))
        self._dirty.update(dict.fromkeys(self._of))
        self._wake.set()
        try:
            await asyncio.wait_for(self._ended.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def close(self) -> None:
        """Tell what was held back and let go of everything; `places` are good afterwards."""
        self._closed = True
        self._wake.set()
        if self._timer is not None:
            self._timer.cancel()
        for followed, catalogue in list(self._of.items()):
            self._tell(catalogue, followed.close(self._wall()))
        self._watches.close()

    def places(self) -> dict[str, tuple[Place, ...]]:
        """Return how far everything was read, by source."""
        return {catalogue.watched.name: catalogue.places() for catalogue in self.catalogues}

    @property
    def behind(self) -> bool:
        """Whether something is known to be there that was not read yet."""
        return bool(self._dirty or self._stale)

    async def _turn(self) -> None:
        """Do the next piece of work, or wait for some."""
        now = time.monotonic()
        if self._watches.news and now - self._taken_at >= PACE_SECONDS:
            self._taken_at = now
            self._notified()
        if now >= self._times_at:
            self._times_at = now + TIMES_SECONDS
            self._on_time(now)
        if self._stale and now >= self._look_at:
            await self._look()
            return
        if self._dirty:
            self._step(next(iter(self._dirty)))
            await asyncio.sleep(0)
            return
        await self._until_woken()

    async def _until_woken(self) -> None:
        now = time.monotonic()
        times = [*self._held.values(), *self._leaving.values()]
        if self._watches.news:
            times.append(self._taken_at + PACE_SECONDS)
        if self._stale:
            times.append(self._look_at)
        if self._watches.poll_at is not None:
            times.append(self._watches.poll_at)
        if not self._wake.is_set() and times:
            self._timer = asyncio.get_running_loop().call_later(max(0.0, min(times) - now), self._wake.set)
        await self._wake.wait()
        self._wake.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._times_at = 0.0

    def _on_time(self, now: float) -> None:
        for followed in [held for held, at in self._held.items() if at <= now]:
            del self._held[followed]
            if followed in self._dirty or followed.grew():  # it did not pause: we were late
                self._dirty[followed] = None
                continue
            self._tell(self._of[followed], followed.idle(self._wall()))
            self._hold(followed)
        for followed in [leaving for leaving, at in self._leaving.items() if at <= now]:
            self._drop(followed)
        if self._watches.poll_at is not None and self._watches.poll_at <= now:
            self._stale.update(dict.fromkeys(self.catalogues))
            self._dirty.update(dict.fromkeys(self._watches.polled()))

    def _notified(self) -> None:
        """Take the kernel's notifications: which files are to be read, which sources looked at again."""
        for happened in self._watches.take():
            if happened.mask & (n.OVERFLOW | n.UNMOUNT):
                self._stale.update(dict.fromkeys(self.catalogues))
                self._dirty.update(dict.fromkeys(self._of))
                continue
            followed = self._watches.files.get(happened.watch, ())
            for file in followed:
                if file.skipped == "":
                    self._dirty[file] = None
                if happened.mask & (n.ATTRIB | n.DELETE_SELF | n.MOVE_SELF | n.IGNORED):
                    self._stale[self._of[file]] = None
            if happened.mask & n.IGNORED:
                self._watches.forgotten(happened.watch)
            folder = self._watches.folders.get(happened.watch)
            if folder is not None:
                self._stale.update(dict.fromkeys(catalogue for catalogue in self.catalogues if folder in catalogue.folders))

    async def _look(self) -> None:
        """Look again at the sources in which something appeared, vanished or moved."""
        stale, self._stale = list(self._stale), {}
        began = time.monotonic()
        for catalogue in stale:
            self._watches.keep_folders(catalogue, catalogue.folders)
            for fresh in await catalogue.look():
                self._of[fresh] = catalogue
                self._watches.add_file(fresh)
                self._dirty.update(dict.fromkeys([fresh.after, fresh] if fresh.after is not None else [fresh]))
                self._open.used(fresh)
            self._watches.keep_folders(catalogue, catalogue.folders)
            for path, why in catalogue.refused.items():
                self._say_once(f"{shown(path)} is not read: {why}.")
            if catalogue.left_out:
                self._say_once(f"Not all logs of {catalogue.watched.name} are followed: {catalogue.left_out}.")
            self._dirty.update(dict.fromkeys(followed for followed in catalogue.files.values() if followed.displaced))
        displaced = sorted((followed for followed in self._of if followed.displaced), key=lambda followed: followed.read_at)
        for followed in displaced[:-MAX_DISPLACED]:
            self._drop(followed)
        now = time.monotonic()
        self._look_at = now + min(MAX_LOOK_SECONDS, max(MIN_LOOK_SECONDS, LOOK_SHARE * (now - began)))

    def _step(self, followed: Followed) -> None:
        """Read one slice of one file; it comes again, after all others, where there is more."""
        del self._dirty[followed]
        catalogue = self._of.get(followed)
        if catalogue is None or followed.skipped:
            return
        if followed.after is not None:  # the rest of what was rotated away comes first
            if followed.after in self._dirty:
                self._dirty[followed] = None
                return
            followed.after = None
        began, offset = time.thread_time(), followed.offset  # not the wall's: on a busy machine that would make slices small, and us late
        try:
            if not followed.judged:
                catalogue.judge(followed)
            if followed.judged and not followed.skipped:
                self._tell(catalogue, followed.step(self._slice.bytes, self._wall()))
        except Elsewhere:
            followed.more = False
            if followed.gone or followed.displaced:
                self._drop(followed)
                return
            self._stale[catalogue] = None
        except Refused as why:
            followed.more = False
            self._say_once(f"{shown(followed.path)} is not read: {why}.")
        except OSError as error:
            followed.more = False
            self._say_once(f"{shown(followed.path)} is not read now: the system says {error.strerror}; it is tried again when it is written to.")
        self._slice.took(time.thread_time() - began)
        self._after_step(followed, moved=followed.offset != offset)

    def _after_step(self, followed: Followed, *, moved: bool) -> None:
        if followed.more:
            self._dirty[followed] = None
        self._hold(followed)
        self._open.used(followed)
        if moved:
            followed.read_at = time.monotonic()
        if followed.gone and (moved or followed not in self._leaving):
            self._leaving[followed] = time.monotonic() + DELETED_SECONDS
        if moved and self._progress is not None:
            self._progress()

    def _hold(self, followed: Followed) -> None:
        if followed.due is None or followed.more:
            self._held.pop(followed, None)
        else:
            self._held[followed] = time.monotonic() + followed.due

    def _drop(self, followed: Followed) -> None:
        """Follow a file no longer that is gone, or of which there are too many that were renamed."""
        catalogue = self._of.pop(followed)
        self._tell(catalogue, followed.close(self._wall()))
        catalogue.drop(followed)
        self._watches.remove_file(followed)
        self._open.forget(followed)
        for of in (self._dirty, self._held, self._leaving):
            of.pop(followed, None)

    def _tell(self, catalogue: Catalogue, failures: Iterable[Failure]) -> None:
        for failure in failures:
            self._take(catalogue.watched, failure)

    def _say_once(self, sentence: str) -> None:
        if sentence not in self._said and len(self._said) < 1000:
            self._said.add(sentence)
            self._notice(sentence)
