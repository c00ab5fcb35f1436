"""A watcher whose bursts a test waits for."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nexoide.reload.bursts import Burst
from nexoide.reload.watcher import Watcher

LONG = 10.0
QUIET = 0.3  # long enough for a second burst to show up, were there one


class Heard:
    """What a watcher delivered and said; `refuse` makes it refuse what it says True for."""

    def __init__(self) -> None:
        self.bursts: queue.Queue[Burst] = queue.Queue()
        self.notices: list[str] = []
        self.refuse: Callable[[Burst], bool] = lambda burst: False
        self.during: Callable[[Burst], object] = lambda burst: None
        self.watcher: Watcher

    def burst(self, burst: Burst) -> None:
        self.bursts.put(burst)
        self.during(burst)
        if self.refuse(burst):
            self.watcher.refused(burst.changed)

    def next(self, seconds: float = LONG) -> dict[Path, tuple[bytes | None, bytes | None]]:
        return dict(self.bursts.get(timeout=seconds).changed)

    def nothing(self, seconds: float = QUIET) -> bool:
        time.sleep(seconds)
        return self.bursts.empty()

    def until(self, wanted: dict[Path, bytes | None], seconds: float = LONG) -> int:
        """Take bursts until together they brought `wanted`; returns how many it took."""
        seen: dict[Path, bytes | None] = {}
        ends = time.monotonic() + seconds
        for count in range(1, 1000):
            seen |= {path: new for path, (_, new) in self.next(max(ends - time.monotonic(), 0.01)).items()}
            if seen == wanted:
                return count
        raise AssertionError(seen)


@contextmanager
def watching(*roots: Path, **options: Any) -> Iterator[Heard]:
    heard = Heard()
    heard.watcher = Watcher(roots, heard.burst, on_notice=heard.notices.append, **options)
    with heard.watcher:
        yield heard


def replace(path: Path, content: bytes) -> None:
    """Save as editors and agents do: a new file put in place of the old one."""
    new = path.with_name(path.name + ".tmp123")
    new.write_bytes(content)
    new.rename(path)
