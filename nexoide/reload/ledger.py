"""What is live of every watched file, and which saves are still waited for because they were refused."""

from __future__ import annotations

from collections.abc import Iterable

from nexoide.reload.contents import Memory


class Ledger:
    """The consumer's verdicts. A refused file keeps the content that is live, so that its next save is compared with that."""

    def __init__(self) -> None:
        self.live = Memory()
        self._offered = Memory()
        self._together: dict[str, set[str]] = {}

    @property
    def waiting(self) -> list[str]:
        """The files whose content on disk was refused."""
        return list(self._together)

    def settled(self, path: str, content: bytes | None) -> None:
        """Note that `content` is live now (None: the file is gone)."""
        self.live.set(path, content)
        self._forget(path)

    def refused(self, contents: dict[str, bytes | None]) -> None:
        """Note that these contents were refused together: when one file of them is saved again, all come again."""
        group = set(contents)
        for path, content in contents.items():
            self._offered.set(path, content)
            for other in self._together.get(path, ()):
                group.add(other)
        for path in group:
            self._together[path] = group

    def again_with(self, paths: Iterable[str]) -> set[str]:
        """Return the files that were refused together with any of these."""
        return {other for path in paths for other in self._together.get(path, ())}

    def news(self, path: str, content: bytes | None, *, saved: bool) -> bool:
        """Whether a content has to be offered: it is not what is live and, unless the file was saved just now, not what was refused."""
        if self.live.same(path, content):
            return False
        return saved or path not in self._together or not self._offered.same(path, content)

    def back(self, path: str) -> None:
        """Note that a refused file holds what is live again."""
        self._forget(path)

    def _forget(self, path: str) -> None:
        self._offered.set(path, None)
        group = self._together.pop(path, None)
        if group is not None:
            group.discard(path)
