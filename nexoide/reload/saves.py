"""From a burst of saves to one transaction, and back: what the watcher is to take as live now."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from nexoide.model.reload import Reload, SavedFile, When
from nexoide.reload.coordinator import FileText, ReloadCoordinator
from nexoide.reload.outcome import Outcome, remarks, shown, summary

MAX_FILE_BYTES = 4 << 20


class BurstLike(Protocol):
    """Files that were saved together: path → (bytes that are live, bytes on disk); None: new or not known, and deleted."""

    @property
    def changed(self) -> Mapping[Path, tuple[bytes | None, bytes | None]]:
        """The files."""

    @property
    def closed_at(self) -> float:
        """When the last of them was closed (monotonic seconds)."""


class WatcherLike(Protocol):
    """The part of a watcher that is told what became of a burst."""

    def refused(self, paths: Sequence[Path]) -> None:
        """Keep the old bytes as what is live; the files come again together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One burst and what became of it; `reload` is what is shown and journaled, `remarks` the sentences beside its summary."""

    reload: Reload
    outcome: Outcome
    remarks: tuple[str, ...] = ()
    since_save_ms: float = 0.0
    compiles: bool = True

    @property
    def needs_restart(self) -> bool:
        """Whether the change is sound and a restart would bring it in."""
        return self.compiles and (self.outcome.state == "refused" or bool(self.outcome.left))


def saved_files(burst: BurstLike, root: Path) -> tuple[SavedFile, ...]:
    """Return which files a burst holds, by their hashes."""
    return tuple(
        SavedFile(path=shown(path, root), before_sha256=_sha256(before), after_sha256=_sha256(after)) for path, (before, after) in sorted(burst.changed.items())
    )


def _sha256(content: bytes | None) -> str:
    return "" if content is None else hashlib.sha256(content).hexdigest()


def texts(burst: BurstLike, root: Path) -> tuple[list[FileText], list[str]]:
    """Return the files of a burst as texts, and one sentence for each that is none."""
    found, refusals = [], []
    for path, (before, after) in sorted(burst.changed.items()):
        if after is not None and len(after) > MAX_FILE_BYTES:
            refusals.append(f"{shown(path, root)} is {len(after) >> 20} MiB long and at most {MAX_FILE_BYTES >> 20} are reloaded: restart the program for it.")
            continue
        try:
            new = None if after is None else after.decode("utf-8")
        except UnicodeDecodeError as error:
            line = (after or b"")[: error.start].count(b"\n") + 1
            refusals.append(f"{shown(path, root)}:{line} is not UTF-8, so it is not taken over: save it as UTF-8; the running code stays.")
            continue
        try:
            base = None if before is None else before.decode("utf-8")
        except UnicodeDecodeError:
            base = None
        found.append(FileText(path=path, base=base, new=new))
    return found, refusals


def compiles(files: Sequence[FileText]) -> bool:
    """Return whether every new text is Python: a restart into one that is not would end the program."""
    for file in files:
        try:
            compile(file.new or "", str(file.path), "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True


async def take(burst: BurstLike, reload: Reload, root: Path, coordinator: ReloadCoordinator, when: When) -> Taken:
    """Bring one burst into every process of the target `reload` names, or into none, and say what became of it."""
    files, refusals = texts(burst, root)
    began = time.monotonic()
    if refusals:
        outcome = Outcome(state="refused", sentence=" ".join(refusals))
    elif when == "next_start":
        sentence = f"staged: {reload.target} takes it over when it is started again, as asked"
        outcome = Outcome(state="staged", sentence=sentence)
    else:
        outcome = await coordinator.deploy(reload.target, files, None, when=when)
    paths = list(burst.changed)
    line = f"{', '.join(shown(path, root) for path in paths[:3])}: {outcome.sentence}" if outcome.state == "staged" else summary(outcome, paths, root)
    done = replace(
        reload,
        state="already" if outcome.already else outcome.state,
        summary=line,
        processes=outcome.processes,
        milliseconds=(time.monotonic() - began) * 1000,
    )
    sound = not refusals and ((outcome.state != "refused" and not outcome.left) or compiles(files))
    since = max(0.0, (time.monotonic() - burst.closed_at) * 1000)
    said = () if outcome.state == "refused" else tuple(remarks(outcome, root))
    return Taken(reload=done, outcome=outcome, remarks=said, since_save_ms=since, compiles=sound)


def settle(burst: BurstLike, taken: Taken, watcher: WatcherLike) -> None:
    """Tell the watcher what goes on as it was; what it is told nothing of counts as live."""
    if taken.outcome.state == "refused":
        watcher.refused(list(burst.changed))


def restarted(taken: Taken) -> Taken:
    """Return the same for a program that was restarted since: it runs what is on disk now."""
    return replace(taken, reload=replace(taken.reload, restarted=True), outcome=replace(taken.outcome, state="live"))
