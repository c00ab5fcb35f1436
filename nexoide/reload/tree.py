"""What there is to watch: folders by their real path, files by the path under which a program imports them."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from nexoide.reload.contents import Signature, signature
from nexoide.reload.selection import MARKS_OF_ENVIRONMENTS, Selection

MAX_HOPS = 16


@dataclass
class Found:
    """What one walk found. All paths are absolute; `real` ones go through no link.

    `folders` gives by real folder the path under a root by which it was reached first. `ways` are further paths of a
    folder, as (first path, other path). `targets` gives by real path, outside what is walked, the files that are links
    to it. `turns` are the places whose replacement changes what the paths mean: links to folders, and the roots.
    `unsure` are folders that could not be read now: what was known below them still stands.
    """

    folders: dict[str, str] = field(default_factory=dict)
    files: dict[str, Signature | None] = field(default_factory=dict)
    ways: list[tuple[str, str]] = field(default_factory=list)
    targets: dict[str, set[str]] = field(default_factory=dict)
    turns: set[str] = field(default_factory=set)
    unsure: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    repositories: set[str] = field(default_factory=set)


class Walk:
    """One walk through roots: real folders first, then what links lead to, so that a file's first path is its plainest.

    `enter` is called with each real folder before it is listed (whoever watches it from then on misses nothing), `leave`
    with one that turned out to be none of ours.
    """

    def __init__(self, selection: Selection, enter: Callable[[str], None], leave: Callable[[str], None]) -> None:
        self._selection = selection
        self._enter, self._leave = enter, leave
        self._found = Found()
        self._links: deque[tuple[str, str, str]] = deque()
        self._now = time.time_ns()

    def through(self, roots: Iterable[str]) -> Found:
        """Walk the roots, which are folders or single files."""
        for root in roots:
            self._root(root)
        return self._through_links()

    def below(self, given: str, real: str, root: str) -> Found:
        """Walk one folder of the root `root`."""
        self._folder(given, real, root)
        return self._through_links()

    def _through_links(self) -> Found:
        while self._links:
            given, real, root = self._links.popleft()
            if not _leads_back(given, real):
                self._folder(given, real, root)
        return self._found

    def _root(self, root: str) -> None:
        real = os.path.realpath(root)
        self._found.turns.update(_hops(root))
        part = root
        while (part := os.path.dirname(part)) not in {"", "/"}:
            if os.path.islink(part):  # `current` of `/srv/current/app`, swapped by a deployment
                self._found.turns.update(_hops(part))
        if os.path.isdir(real):
            self._folder(root, real, root)
        elif os.path.isfile(real):
            self._file(root)
        else:
            self._found.missing.append(root)

    def _folder(self, given: str, real: str, root: str) -> None:
        stack = [(given, real)]
        while stack:
            given, real = stack.pop()
            known = self._found.folders.get(real)
            if known is not None:
                if known != given:
                    self._found.ways.append((known, given))
                continue
            self._enter(real)
            entries = self._listed(given, real)
            if entries is None or (given != root and any(entry.name in MARKS_OF_ENVIRONMENTS for entry in entries)):
                self._leave(real)
                continue
            self._found.folders[real] = given
            stack += self._entries(entries, given, real, root)

    def _listed(self, given: str, real: str) -> list[os.DirEntry[str]] | None:
        try:
            with os.scandir(real) as listing:
                return list(listing)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            self._found.unsure[given] = error.strerror or str(error)
            return []

    def _entries(self, entries: list[os.DirEntry[str]], given: str, real: str, root: str) -> list[tuple[str, str]]:
        """Take up what a folder has and return the folders below it."""
        inner = []
        for entry in entries:
            path = f"{given.rstrip('/')}/{entry.name}"
            below = path[len(root) :].lstrip("/")
            if entry.name == ".git":
                self._found.repositories.add(real)
            elif entry.is_dir(follow_symlinks=False):
                if self._selection.folder(entry.name, below):
                    inner.append((path, entry.path))
            elif entry.is_symlink():
                self._link(entry, path, below, root)
            elif self._selection.file(entry.name, below):
                self._plain(entry, path)
        return inner

    def _plain(self, entry: os.DirEntry[str], path: str) -> None:
        try:
            found = entry.stat(follow_symlinks=False)
        except OSError:
            return
        self._found.files[path] = signature(found, self._now)

    def _link(self, entry: os.DirEntry[str], path: str, below: str, root: str) -> None:
        if os.path.isdir(entry.path):
            if self._selection.folder(entry.name, below):
                self._found.turns.update(_hops(entry.path))
                self._links.append((path, os.path.realpath(entry.path), root))
        elif self._selection.file(entry.name, below):
            self._file(path)

    def _file(self, path: str) -> None:
        """Take up a file that is reached through a link, or that is a root itself."""
        for hop in _hops(path):
            self._found.targets.setdefault(hop, set()).add(path)
        try:
            found = os.stat(path)
        except OSError:
            return
        self._found.files[path] = signature(found, self._now)


def _hops(path: str) -> Iterator[str]:
    """Yield every place that a path leads through, each with its folder's real path: the entries that a save or a new link replaces."""
    for _ in range(MAX_HOPS):
        path = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
        yield path
        try:
            path = os.path.join(os.path.dirname(path), os.readlink(path))
        except OSError:
            return


def _leads_back(given: str, real: str) -> bool:
    """Whether a link leads to a folder that it lies in itself."""
    inside = os.path.realpath(os.path.dirname(given))
    return inside == real or inside.startswith(real.rstrip("/") + "/")


def aliases(path: str, ways: list[tuple[str, str]]) -> list[str]:
    """Return the other paths of a file, through links and without any."""
    found = {os.path.realpath(path): None}
    for first, other in ways:
        if path.startswith(first + "/"):
            found[other + path[len(first) :]] = None
    found.pop(path, None)
    return list(found)
