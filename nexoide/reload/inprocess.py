"""`watch`: reloads the modules of a folder in this very process as their files are saved, for notebooks, tests and other tools."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nexoide.reload import watcher
from nexoide.reload.guard import contained
from nexoide.reload.selection import PYTHON

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from nexoide.reload.bursts import Burst

MAX_NOTICES = 64


class Watcher:
    """Watches one folder (or file) and reloads what is saved, one transaction a burst of saves, in a thread of its own.

    It prints nothing: `on_report` and `on_notice` say who hears of it. A file that is refused is tried again with its next
    save, and when another save went live that may be what it was waiting for. Use it as a context manager, or `stop` it.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        ignore: Iterable[str] = (),
        when: str = "auto",
        bound: float | None = None,
        poll: bool = False,
    ) -> None:
        from nexoide.probe import Reloader

        root = Path(path).absolute()
        if not root.exists():
            raise FileNotFoundError(f"{root} does not exist: name a folder or a Python file that is there.")
        self._folder = root.is_dir()
        self._reloader = Reloader([root if root.is_dir() else root.parent])
        self._pace: dict[str, Any] = {"when": when} if bound is None else {"when": when, "bound": bound}
        self._listeners: dict[object, Callable[[Any], object]] = {}
        self._hearers: dict[object, Callable[[str], object]] = {}
        self._notices: deque[str] = deque(maxlen=MAX_NOTICES)
        self._last: Any = None
        self._untold: list[Any] = []
        self._trying_again = False
        self._files = watcher.Watcher([root], self._reload, patterns=PYTHON, ignore=ignore, on_notice=self._hear, poll=poll)
        self._files.start()
        first = self._reloader.sync(**self._pace)  # what was saved between its import and now
        if first.changed or not first.ok:
            self._untold = [first]
            self._last = self._last or first

    @property
    def last(self) -> Any:
        """The newest ReloadReport, None before the first."""
        return self._last

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences on what cannot be watched, or only slowly; the newest 64."""
        return tuple(self._notices)

    @property
    def polling(self) -> bool:
        """Whether files are compared again and again, because the kernel's notifications are not to be had."""
        return self._files.polling

    @property
    def waiting(self) -> tuple[Path, ...]:
        """The files whose content on disk was refused and is not live."""
        return self._files.waiting

    def on_report(self, listener: Callable[[Any], object]) -> Callable[[], None]:
        """Call `listener` with the ReloadReport of each transaction, in the watcher's thread; returns what ends that.

        The first listener also hears, at once, of what had been saved since its import when the watching began.
        """
        untold, self._untold = self._untold, []
        for report in untold:
            contained(listener, report)
        return _added(self._listeners, listener)

    def on_notice(self, hearer: Callable[[str], object]) -> Callable[[], None]:
        """Call `hearer` with each sentence on what cannot be watched, earlier ones included; returns what ends that."""
        for sentence in self.notices:
            contained(hearer, sentence)
        return _added(self._hearers, hearer)

    def stop(self) -> None:
        """End the watching; what was reloaded stays."""
        self._files.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def _reload(self, burst: Burst) -> None:
        new = {path: content for path, (_, content) in burst.changed.items() if content is not None}
        # What the disk has by now, not what the burst had: this thread may have waited long for the interpreter, and files
        # that were saved together meanwhile belong into one transaction. What was refused waits for a save of its own.
        whole = self._folder and not burst.waiting and not self._files.waiting
        deleted = len(new) < len(burst.changed)
        report = self._reloader.sync(**self._pace) if whole or deleted else self._reloader.apply(new, **self._pace)
        repeated, self._trying_again = self._trying_again, False
        if not report.ok:
            self._files.refused(burst.changed)
        elif burst.waiting and not repeated:
            self._try_again(burst.waiting)
        if repeated and not report.ok and self._last is not None and not new.keys() - set(self._files.waiting):
            return  # it was refused before and is still: that has been said
        self._last = report
        for listener in list(self._listeners.values()):
            contained(listener, report)

    def _try_again(self, paths: Iterable[Path]) -> None:
        """Offer files that were refused once more, now that something else is live; not those that are no Python at all."""
        sound = [path for path in paths if _compiles(path)]
        if sound:
            self._trying_again = True
            self._files.again(sound)

    def _hear(self, sentence: str) -> None:
        self._notices.append(sentence)
        for hearer in list(self._hearers.values()):
            contained(hearer, sentence)


def watch(
    path: str | os.PathLike[str],
    *,
    ignore: Iterable[str] = (),
    when: str = "auto",
    bound: float | None = None,
    poll: bool = False,
) -> Watcher:
    """Reload the modules below `path` (a folder or a file) in this process as they are saved, until the Watcher's `stop`.

    `ignore` are patterns of files and folders that are left alone, `when` ("auto", "now", "quiescent") and `bound` (seconds)
    say what calls under way are waited for, `poll` compares files instead of asking the kernel, for network folders.
    """
    return Watcher(path, ignore=ignore, when=when, bound=bound, poll=poll)


def _added(listeners: dict[object, Callable[[Any], object]], listener: Callable[[Any], object]) -> Callable[[], None]:
    key = object()
    listeners[key] = listener

    def remove() -> None:
        listeners.pop(key, None)

    return remove


def _compiles(path: Path) -> bool:
    try:
        compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
