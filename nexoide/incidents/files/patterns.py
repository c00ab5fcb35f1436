"""Which files are meant: a path, a folder or a shell pattern, looked up with bounds on folders, files and depth."""

from __future__ import annotations

import fnmatch
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field

from nexoide.errors import UsageError
from nexoide.incidents.files.names import OTHER, TEXTUAL, ending

MAX_FILES = 10_000
MAX_FOLDERS = 2_000
MAX_DEPTH = 16
MAX_PATTERN = 1000
MAX_STARS = 4
PAUSE = 8
_WILD = re.compile(r"[*?\[]")


@dataclass
class Found:
    """What one look found.

    `files` are the paths that match, each with its inode, 0 for a link; `inodes` says under which path each regular file lies
    that was seen, also those that do not match. `folders` were listed, with their device; `waiting` are the nearest folders above
    what is not there yet. `refused` are paths that match and are no files, with the reason.
    """

    files: dict[str, int] = field(default_factory=dict)
    inodes: dict[int, str] = field(default_factory=dict)
    folders: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, None] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    left_out: str = ""


class Pattern:
    """One pattern as it was written: `logs/*.log`, `logs`, `/var/log/app/**/*.log`; `root` is what a relative one is below.

    A folder means every file in it that may be a log, those of its folders included; names that begin with a dot are
    meant only where the pattern writes the dot. `allowed` are the real folders, as they are when the pattern is made, within
    which what it finds must lie: a link that is put in its way later leads nowhere else. Raises UsageError where it is none.
    """

    def __init__(self, text: str, root: str) -> None:
        if not text or len(text) > MAX_PATTERN or "\0" in text or text.count("**") > MAX_STARS:
            raise UsageError(f"{text[:80]!r} is no pattern for logs: write a path, a folder or a shell pattern as logs/*.log.")
        self.text, self.root = text, root
        whole = os.path.normpath(os.path.join(root, os.path.expanduser(text)))
        parts = whole.split("/")[1:]
        first = next((index for index, part in enumerate(parts) if _WILD.search(part)), len(parts))
        self.wild = tuple(parts[first:])
        fixed = parts[:first]
        self.literal = "" if self.wild else whole
        self.base = "/" + "/".join(fixed if self.wild else fixed[:-1])
        self._slash = text.endswith("/")
        relative = not os.path.isabs(os.path.expanduser(text)) and not os.path.relpath(whole, root).startswith("..")
        place = root if relative else whole if self.folder_mode() else self.base
        self.allowed = (os.path.realpath(place),)
        self._names = {part: re.compile(fnmatch.translate(part)) for part in self.wild if part != "**"}

    def folder_mode(self) -> bool:
        """Whether the pattern names a folder as it is now."""
        return bool(self.literal) and os.path.isdir(self.literal) and (self._slash or ending(self.literal) not in TEXTUAL)

    def look(self, found: Found) -> Iterator[None]:
        """Look what is there and put it into `found`; yields now and then, so that others may go on meanwhile."""
        if self.literal and not self.folder_mode():
            self._single(found)
            return
        start = self.literal or self.base
        if not os.path.isdir(start):
            _wait_above(start, found)
            return
        wild = self.wild or ("**", "*")
        for count, (entries, folder, parts) in enumerate(self._folders(start, wild, found)):
            self._take(entries, folder, parts, found)
            if count % PAUSE == PAUSE - 1:
                yield
            if len(found.files) >= MAX_FILES:
                found.left_out = f"there are more than {MAX_FILES} files: name fewer"
                return

    def _single(self, found: Found) -> None:
        path = self.literal
        found.folders[self.base] = _device(self.base)
        if not os.path.isdir(self.base):
            found.folders.clear()
            _wait_above(self.base, found)
        try:
            seen = os.lstat(path)
        except OSError:
            pass
        else:
            _sort(path, seen.st_mode, seen.st_ino, found)
        for entry in _listed(self.base):
            if entry.is_file(follow_symlinks=False):
                found.inodes.setdefault(entry.inode(), entry.path)

    def _folders(self, start: str, wild: tuple[str, ...], found: Found) -> Iterator[tuple[list[os.DirEntry[str]], str, tuple[str, ...]]]:
        """Yield each folder with what it holds and what is left of the pattern there."""
        stack: list[tuple[str, tuple[str, ...], int]] = [(start, wild, 0)]
        seen: set[tuple[str, tuple[str, ...]]] = set()
        while stack:
            folder, parts, depth = stack.pop()
            if (folder, parts) in seen:
                continue
            seen.add((folder, parts))
            if len(found.folders) >= MAX_FOLDERS or depth > MAX_DEPTH:
                found.left_out = f"there are more than {MAX_FOLDERS} folders, or deeper ones than {MAX_DEPTH}: name those that are wanted"
                return
            found.folders[folder] = _device(folder)
            entries = sorted(_listed(folder), key=lambda entry: entry.name)
            yield entries, folder, parts
            inner = [entry for entry in entries if entry.is_dir(follow_symlinks=False) and (parts[0].startswith(".") or not entry.name.startswith("."))]
            if parts[0] == "**":
                stack += [(entry.path, parts, depth + 1) for entry in reversed(inner)]
                if len(parts) > 1:
                    stack.append((folder, parts[1:], depth))
            elif len(parts) > 1:
                stack += [(entry.path, parts[1:], depth + 1) for entry in reversed(inner) if self._matches(parts[0], entry.name)]

    def _take(self, entries: list[os.DirEntry[str]], folder: str, parts: tuple[str, ...], found: Found) -> None:
        for entry in entries:
            if entry.is_file(follow_symlinks=False):
                found.inodes.setdefault(entry.inode(), entry.path)
            if parts != ("**",) and (len(parts) > 1 or not self._matches(parts[0], entry.name)):
                continue
            if self.literal and (ending(entry.name) in OTHER or entry.name.startswith(".")):
                continue
            if entry.is_dir(follow_symlinks=False):
                if ending(entry.name) in TEXTUAL and not self.literal:
                    found.refused[entry.path] = "it is a folder, and only regular files are read"
                continue
            if entry.is_symlink():
                if not os.path.isdir(entry.path):
                    found.files[entry.path] = 0
            elif entry.is_file(follow_symlinks=False):
                found.files[entry.path] = entry.inode()
            else:
                found.refused[entry.path] = _special(entry)

    def _matches(self, part: str, name: str) -> bool:
        if name.startswith(".") and not part.startswith("."):
            return False
        pattern = self._names.get(part)
        return pattern.match(name) is not None if pattern is not None else True


def _listed(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as listing:
            return list(listing)
    except OSError:
        return []


def _device(folder: str) -> int:
    try:
        return os.stat(folder).st_dev
    except OSError:
        return 0


def _sort(path: str, mode: int, inode: int, found: Found) -> None:
    if stat.S_ISREG(mode) or stat.S_ISLNK(mode):
        found.files[path] = 0 if stat.S_ISLNK(mode) else inode
    elif stat.S_ISDIR(mode):
        found.refused[path] = "it is a folder, and only regular files are read"
    else:
        found.refused[path] = _special_mode(mode)
    if stat.S_ISREG(mode):
        found.inodes[inode] = path


def _special(entry: os.DirEntry[str]) -> str:
    try:
        return _special_mode(entry.stat(follow_symlinks=False).st_mode)
    except OSError:
        return "it is gone"


def _special_mode(mode: int) -> str:
    kind = "a FIFO" if stat.S_ISFIFO(mode) else "a socket" if stat.S_ISSOCK(mode) else "a device"
    return f"it is {kind}, and only regular files are read"


def _wait_above(folder: str, found: Found) -> None:
    """Note the nearest folder that is there, above one that is not."""
    while folder != "/" and not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    found.waiting[folder] = None
