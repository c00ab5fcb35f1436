"""Makes bursts of the files that were touched: reads them, drops what is live already, and keeps the consumer's verdicts."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from nexoide.reload.bursts import OPEN_SECONDS, Burst, Gathering
from nexoide.reload.contents import Unreadable, Unstable, read
from nexoide.reload.ledger import Ledger
from nexoide.reload.observed import Observed, Touch

RETRY_SECONDS = 0.25
RETRIES = 40  # of a file that cannot be read: ten seconds
TORN = 5  # times that all others wait for a file which changes while it is read


class Assembly:
    """The burst that is under way. Whoever calls a method holds the watcher's lock, where verdicts come from other threads."""

    def __init__(self, observed: Observed, gathering: Gathering, notice: Callable[[str], None]) -> None:
        self.ledger = Ledger()
        self._observed, self._gathering, self._notice = observed, gathering, notice
        self._saved: set[str] = set()
        self._tries: dict[str, int] = {}
        self._merged: dict[str, list[str]] = {}
        self._refused: set[str] = set()
        self._settled: set[str] = set()

    def remember(self, path: str, now: float) -> None:
        """Take what is on disk as what is live."""
        try:
            self.ledger.live.set(path, read(path))
        except Unstable:
            self._gathering.touch(path, now, whole=False)
        except Unreadable as error:
            self._notice(f"{path} is not watched: {error}.")

    def touch(self, touch: Touch) -> None:
        """Add a file to the burst."""
        self._gathering.touch(touch.path, touch.at, whole=touch.whole)
        if touch.saved:
            self._saved.add(touch.path)

    def burst(self, now: float) -> Burst | None:
        """Return what differs from what is live; None where nothing does, or where a file is being written right now."""
        began, last = self._gathering.began, self._gathering.last
        paths = self._gathering.take(now)
        contents = self._read(paths, now)
        if contents is None:
            return None
        news = {path for path, content in contents.items() if self.ledger.news(path, content, saved=path in self._saved)}
        undone = [path for path, content in contents.items() if self.ledger.live.same(path, content)]
        companions = self.ledger.again_with([*news, *undone]) - contents.keys()
        for path in undone:
            self.ledger.back(path)
        more = self._read(list(companions), now) or {}
        contents.update(more)
        news.update(path for path, content in more.items() if not self.ledger.live.same(path, content))
        self._saved.difference_update(paths)
        for path in news:
            self._observed.heat(path, now)
        return self._made({path: contents[path] for path in contents if path in news}, began, last) if news else None

    def settled(self, path: str, content: bytes | None) -> None:
        """Note that `content` is live."""
        self.ledger.settled(path, content)
        self._settled.add(path)

    def refused(self, paths: Iterable[str]) -> None:
        """Note that files of the burst that is being delivered could not be made live."""
        self._refused.update(paths)

    def delivering(self) -> None:
        """Note that a burst is about to be delivered: verdicts from now on are about it."""
        self._refused.clear()
        self._settled.clear()

    def delivered(self, burst: Burst, *, failed: bool) -> None:
        """Settle what the consumer said nothing about, or refuse all of it where the consumer failed."""
        refused: dict[str, bytes | None] = {}
        for path, (_, content) in burst.changed.items():
            names = self._merged[os.fspath(path)]
            if failed or not self._refused.isdisjoint(names):
                refused.update(dict.fromkeys(names, content))
                continue
            for name in names:
                if name not in self._settled:
                    self.ledger.settled(name, content)
        if refused:
            self.ledger.refused(refused)

    def _read(self, paths: list[str], now: float) -> dict[str, bytes | None] | None:
        """Read files; None where one is being written right now: then all of them wait for it."""
        contents: dict[str, bytes | None] = {}
        for path in paths:
            try:
                content = read(path)
            except Unreadable as error:
                self._cannot_read(path, error, now)
                continue
            except Unstable:
                torn = True
            else:
                torn = content == b"" and path not in self._tries and bool(self.ledger.live.bytes_of(path))  # truncated, not written yet?
                contents[path] = content
            if not torn:
                self._tries.pop(path, None)
            elif self._wait_for(path, paths, now):
                return None
        return contents

    def _wait_for(self, path: str, paths: list[str], now: float) -> bool:
        """Have all files wait for one that is being written; False where they have waited long enough."""
        tries = self._tries[path] = self._tries.get(path, 0) + 1
        if tries > TORN:
            del self._tries[path]
            self._gathering.again(path, now + RETRY_SECONDS)
            return False
        for other in paths:
            self._gathering.touch(other, now if other == path else now - OPEN_SECONDS, whole=False)
        return True

    def _cannot_read(self, path: str, error: Unreadable, now: float) -> None:
        tries = self._tries[path] = self._tries.get(path, 0) + 1
        if tries == 1:
            self._notice(f"{path} was saved and cannot be taken over: {error}.")
        if not error.lasting and tries < RETRIES:
            self._gathering.again(path, now + RETRY_SECONDS)
        else:
            del self._tries[path]

    def _made(self, contents: dict[str, bytes | None], began: float, last: float) -> Burst:
        """Make the burst; a file that is reached by several paths is in it once."""
        by_real: dict[str, list[str]] = {}
        for path in contents:
            by_real.setdefault(os.path.realpath(path), []).append(path)
        changed, aliases, unknown = {}, {}, set()
        self._merged = {}
        for real, paths in by_real.items():
            paths.sort(key=lambda path: (path not in self.ledger.live, path != real, len(path), path))
            first = Path(paths[0])
            self._merged[paths[0]] = paths
            changed[first] = (self.ledger.live.bytes_of(paths[0]), contents[paths[0]])
            others = dict.fromkeys([*paths[1:], *self._observed.other_paths(paths[0])])
            if others:
                aliases[first] = tuple(Path(path) for path in others)
            if self.ledger.live.only_hash(paths[0]):
                unknown.add(first)
        waiting = tuple(Path(path) for path in self.ledger.waiting if path not in contents)
        return Burst(changed=changed, began=began, closed_at=last, aliases=aliases, without_base=frozenset(unknown), waiting=waiting)
