"""What git knows of an incident: its source as it was when it failed, who wrote the failing line, and what changed nearby.

What cannot be known is said in the examination's note; nothing here raises for the state of a repository.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path, PurePosixPath

from nexoide.errors import NexoideError, RepositoryError
from nexoide.incidents.versions import Chosen, Place, Version, choose, places, view
from nexoide.journal import storage
from nexoide.model.examination import CommitRef, Examination, SourceView
from nexoide.model.incident import Incident
from nexoide.vcs.history import MAX_FILE, Held, History, Past
from nexoide.vcs.repository import Repository

RECENT_SECONDS = 30 * 86400.0
AHEAD_SECONDS = 3600.0
"""How far a committer's clock may be ahead of the one that timed the failure."""
MAX_RECENT = 5
MAX_SINCE = 10
MAX_NOTE = 600
MAX_REMEMBERED = 64
_COMMIT = re.compile(r"(?:[0-9a-f]{40}|[0-9a-f]{64})\Z")
_LFS = b"version https://git-lfs.github.com/spec/"


@dataclass(slots=True)
class _File:
    """What was learned of one file at one commit: what it has there, its text, and its past, each looked up once."""

    held: Held
    committed: Version | None = None
    past: Past | None = None
    older: dict[str, bytes] = field(default_factory=dict)


class Examinations:
    """Looks incidents up; blocks, so it is called in a thread, and in one at a time.

    What is learned of a file is remembered until HEAD moves: on a bad night many incidents lie in few files.
    """

    def __init__(self, root: Path, repository: Repository | None) -> None:
        self._root, self._repository = root, repository
        self._head = ""
        self._files: dict[str, _File] = {}

    def examine(self, incident: Incident) -> Examination:
        """Return what is known of an incident."""
        notes: list[str] = []
        history, head = self._open(notes)
        wanted = places(incident.sample, self._root)
        if not wanted and incident.file:
            wanted = [Place(incident.file, incident.line, incident.function)]
        look = _Look(self._root, history, head, self._files, incident, notes)
        try:
            found = look.at(wanted)
        finally:
            while len(self._files) > MAX_REMEMBERED:
                del self._files[next(iter(self._files))]
        return Examination(
            commit=head,
            sources=tuple(found.sources),
            introduced=found.introduced,
            recent=found.recent,
            note="; ".join(dict.fromkeys(notes))[:MAX_NOTE],
        )

    def since(self, incident: Incident) -> tuple[CommitRef, ...]:
        """Return what was committed since an incident was resolved, commits that touched its files first; at most 10."""
        history, head = self._open([])
        if history is None or not _COMMIT.match(incident.resolved_commit) or not head:
            return ()
        paths = []
        for path in dict.fromkeys([incident.file, *(place.path for place in places(incident.sample, self._root))]):
            try:
                paths.append(history.inside(path))
            except RepositoryError:
                continue
        try:
            return history.between(incident.resolved_commit, head, paths, MAX_SINCE)
        except RepositoryError:
            return ()  # what was checked out then is gone: rewritten and collected

    def head(self) -> str:
        """Return what is checked out; empty where that cannot be said. May be called from any thread at any time."""
        try:
            return self._repository.current_head() if self._repository is not None else ""
        except NexoideError:
            return ""

    def _open(self, notes: list[str]) -> tuple[History | None, str]:
        if self._repository is None:
            notes.append("the workspace is not in git, so who wrote the line and what changed lately is not known")
            return None, ""
        try:
            head = self._repository.current_head()
            history = self._repository.history() if head else None
        except NexoideError as error:
            notes.append(error.sentence.rstrip("."))
            return None, ""
        if not head:
            notes.append("nothing is committed yet")
        if head != self._head:
            self._files.clear()
            self._head = head
        return history, head


@dataclass(slots=True)
class _Found:
    sources: list[SourceView] = field(default_factory=list)
    introduced: CommitRef | None = None
    recent: tuple[CommitRef, ...] = ()


class _Look:
    """One look at one incident."""

    def __init__(self, root: Path, history: History | None, head: str, files: dict[str, _File], incident: Incident, notes: list[str]) -> None:
        self._root, self._history, self._head, self._files, self._incident, self._notes = root, history, head, files, incident, notes

    def at(self, wanted: list[Place]) -> _Found:
        """Find the source of each place; who wrote the first, and what changed lately in its file."""
        found = _Found()
        if not wanted:
            self._notes.append("no frame of it is inside this workspace")
            return found
        chosen: dict[Place, Chosen] = {}
        by_path = sorted(wanted, key=lambda place: place.path)
        for path, group in groupby(by_path, key=lambda place: place.path):
            chosen |= self._choose(path, list(group))
        for place in wanted:
            if place in chosen:
                found.sources.append(view(place, chosen[place]))
                self._say_where(place, chosen[place])
            elif place.source.strip():
                self._notes.append(f"{place.path}:{place.line} reads differently now and in the file's last commits, so its source is not shown")
        first = wanted[0]
        if self._history is not None:
            try:
                found.introduced = self._introduced(self._history, first, chosen.get(first))
                found.recent = self._recent(first.path)
            except RepositoryError as error:
                self._notes.append(error.sentence.rstrip("."))
        return found

    def _choose(self, path: str, group: list[Place]) -> dict[Place, Chosen]:
        found = choose(group, lambda: self._versions(path))
        for place in group:
            if not place.source.strip():  # nothing was captured that could be compared
                latest = next(self._versions(path), None)
                if latest is not None and place.line <= len(latest.lines):
                    found[place] = Chosen(latest, place.line, sure=False)
        return found

    def _versions(self, path: str) -> Iterator[Version]:
        file = self._file(path)
        if file.committed is not None:
            yield file.committed
        on_disk = self._on_disk(path)
        if on_disk is not None:
            yield on_disk
        if self._history is None or file.held.kind == "submodule":
            return
        try:
            yield from self._of_release(self._history, path)
            yield from self._older(self._history, path, file)
        except RepositoryError as error:
            self._notes.append(error.sentence.rstrip("."))

    def _file(self, path: str) -> _File:
        known = self._files.get(path)
        if known is None and self._history is not None:
            try:
                known = self._files[path] = self._read(self._history, path)
            except RepositoryError as error:
                self._notes.append(error.sentence.rstrip("."))
        return known or _File(Held("absent"))

    def _read(self, history: History, path: str) -> _File:
        inside = history.inside(path)
        file = _File(history.held(self._head, inside))
        if file.held.kind == "file" and file.held.size <= MAX_FILE:
            data = dict(history.contents([file.held.oid])).get(file.held.oid)
            if data is not None and data.startswith(_LFS):
                self._notes.append(f"{path} is kept in LFS, so git has not its text")
            elif data is not None:
                file.committed = Version(self._head, inside, data)
        return file

    def _on_disk(self, path: str) -> Version | None:
        if any(part.startswith(".") for part in PurePosixPath(path).parts):
            return None  # what hides from people (.env) is not source
        try:
            whole = (self._root / path).resolve()
            if not whole.is_relative_to(self._root.resolve()):
                return None
            return Version("", path, storage.read_bytes(whole, limit=MAX_FILE))
        except (NexoideError, OSError, ValueError, RuntimeError):
            return None

    def _of_release(self, history: History, path: str) -> Iterator[Version]:
        """Yield what the commit has that the program says it was made from, where its release is a commit of this repository."""
        release = self._incident.sample.release.rpartition("@")[2]
        if not _COMMIT.match(release) or release == self._head:
            return
        try:
            held = history.held(release, history.inside(path))
        except RepositoryError:
            return
        if held.kind == "file":
            yield from (Version(release, history.inside(path), data) for _, data in history.contents([held.oid]))

    def _past(self, history: History, path: str) -> Past:
        file = self._file(path)
        if file.past is None:
            file.past = history.touches(history.inside(path), self._head)
        return file.past

    def _older(self, history: History, path: str, file: _File) -> Iterator[Version]:
        touches = [touch for touch in self._past(history, path).touches if touch.oid and touch.oid != file.held.oid]
        if not file.older:
            file.older = dict(history.contents(touch.oid for touch in touches))
        for touch in touches:
            if touch.oid in file.older:
                yield Version(touch.commit.id, touch.path, file.older[touch.oid])

    def _say_where(self, place: Place, chosen: Chosen) -> None:
        where = f"{place.path}:{place.line}"
        if not chosen.sure:
            self._notes.append(f"the text of {where} was not captured, so what is shown is what is there now")
        elif chosen.line != place.line:
            self._notes.append(f"{where} is line {chosen.line} in what is shown")
        if not chosen.version.commit and self._history is not None:
            self._notes.append(f"{place.path} had been changed since the last commit")
        elif chosen.version.commit and chosen.version.commit != self._head:
            self._notes.append(f"{place.path} was run as of {chosen.version.commit[:10]}, and has changed since")

    def _introduced(self, history: History, place: Place, chosen: Chosen | None) -> CommitRef | None:
        file = self._file(place.path)
        if file.held.kind == "submodule":
            self._notes.append(f"{place.path} lies in a submodule, which has a history of its own")
            return None
        if chosen is None:
            if file.held.kind == "absent":
                self._notes.append(f"{place.path} is not committed")
            return None
        version, line = chosen.version, chosen.line
        if not version.commit:
            committed = file.committed.only(place.source) if file.committed is not None else 0
            if file.committed is None or not committed:
                self._notes.append("the failing line is not committed yet")
                return None
            version, line = file.committed, committed
        writer = history.blame(version.commit, version.path, line)
        if writer is None:
            self._notes.append("git took too long to say who wrote the line")
        elif writer.id in history.shallow():
            self._notes.append(f"the clone is shallow: the line is as old as its oldest commit ({writer.id[:10]}), or older")
            return None
        return writer

    def _recent(self, path: str) -> tuple[CommitRef, ...]:
        if self._history is None or self._file(path).held.kind == "submodule":
            return ()
        past = self._past(self._history, path)
        if not past.whole:
            self._notes.append("git took too long to list all commits that touched the file")
        shallow = self._history.shallow()
        if shallow.intersection(touch.commit.id for touch in past.touches):
            self._notes.append("the clone is shallow, so older changes are not known")
        at = self._incident.last_at
        near = [t.commit for t in past.touches if -AHEAD_SECONDS <= at - t.commit.at <= RECENT_SECONDS and t.commit.id not in shallow]
        return tuple(near[:MAX_RECENT])
