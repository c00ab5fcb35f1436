"""What a transaction came to over all processes of a target, judged from their answers and said for people."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from nexoide.model.reload import NOT_TAKEN, DefinitionChange, ProcessReload, ReloadState
from nexoide.probe.reload.report import DONE, counted, duration

__all__ = ["DONE", "Outcome", "ReplyLike", "distinct_definitions", "judge", "remarks", "shown", "summary", "within"]

MAX_DEFINITIONS = 400
MAX_PROCESSES = 8
"""How much of a transaction is kept; what is left out is counted and said."""


class ReplyLike(Protocol):
    """What one process answers to a reload."""

    @property
    def pid(self) -> int:
        """The process."""

    @property
    def ok(self) -> bool:
        """Whether it could be done."""

    @property
    def state(self) -> str:
        """One of committed, already, prepared, not_loaded."""

    @property
    def changed(self) -> tuple[str, ...]:
        """The definitions taken over."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What goes on with old code, and why."""

    @property
    def error(self) -> str:
        """One sentence where it could not be done."""

    @property
    def definitions(self) -> tuple[DefinitionChange, ...]:
        """What happened to each definition."""

    @property
    def blockers(self) -> tuple[str, ...]:
        """Calls that stand in the way, or finish on old code."""

    @property
    def generation(self) -> int:
        """The number under which it can be reverted."""

    @property
    def ms(self) -> float:
        """How long it took."""

    @property
    def gone(self) -> bool:
        """Whether the process ended before it answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a transaction (or its rehearsal) came to over all processes.

    `state` is `live` where every process runs the new code and at least one had it loaded, `not_loaded` where no
    process has the files imported, `absent` where no process is attached, `gone` where they ended before they answered,
    `refused` where none was touched. `already` means that they ran the new code before they were asked.
    """

    state: ReloadState
    pids: tuple[int, ...] = ()
    changed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    sentence: str = ""
    milliseconds: float = 0.0
    processes: tuple[ProcessReload, ...] = ()
    already: bool = False

    @property
    def ok(self) -> bool:
        """Whether nothing stands in the way."""
        return self.state in {"live", "not_loaded"}

    @property
    def definitions(self) -> tuple[DefinitionChange, ...]:
        """What happened to each definition, over all processes, each once."""
        return distinct_definitions(self.processes)

    @property
    def left(self) -> tuple[DefinitionChange, ...]:
        """The definitions that go on as they were, with the reason."""
        return tuple(item for item in self.definitions if item.action in NOT_TAKEN)


def _distinct(groups: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for group in groups for item in group))


def distinct_definitions(processes: Sequence[ProcessReload]) -> tuple[DefinitionChange, ...]:
    """Return the definitions of all processes, each once."""
    return tuple({(item.full, item.kind, item.action): item for process in processes for item in process.definitions}.values())


def _process(reply: ReplyLike) -> ProcessReload:
    kept, notes = reply.definitions[:MAX_DEFINITIONS], reply.notes[:MAX_DEFINITIONS]
    if len(reply.definitions) > len(kept):
        notes = (*notes, f"{len(reply.definitions) - len(kept)} more definitions changed and are not listed.")
    return ProcessReload(
        pid=reply.pid,
        ok=reply.ok,
        state=reply.state,
        definitions=kept,
        notes=notes,
        blockers=reply.blockers[:MAX_DEFINITIONS],
        error=reply.error,
        generation=reply.generation,
        milliseconds=reply.ms,
    )


def judge(target: str, replies: Sequence[ReplyLike], milliseconds: float) -> Outcome:
    """Return what the answers of all processes of a target come to."""
    if not replies:
        return Outcome(state="absent", sentence=f"No process of {target} is attached.", milliseconds=milliseconds)
    processes = tuple(_process(reply) for reply in replies[:MAX_PROCESSES])
    refusals = [reply for reply in replies if not reply.ok and not reply.gone]
    there = [reply for reply in replies if reply.ok]
    if refusals:
        first = refusals[0]
        who = f"Process {first.pid}: " if len(replies) > 1 else ""
        pids = tuple(reply.pid for reply in refusals)
        return Outcome(state="refused", pids=pids, sentence=f"{who}{first.error}", milliseconds=milliseconds, processes=processes)
    if not there:
        pids = tuple(reply.pid for reply in replies)
        ended = f"process {pids[0]} of {target} ended" if len(pids) == 1 else f"all {len(pids)} processes of {target} ended"
        return Outcome(state="gone", pids=pids, sentence=f"{ended} before it answered.", milliseconds=milliseconds, processes=processes)
    loaded = [reply for reply in there if reply.state != "not_loaded"]
    if not loaded:
        sentence = "No running process has imported these files yet."
        return Outcome(state="not_loaded", sentence=sentence, milliseconds=milliseconds, processes=processes, notes=_distinct([r.notes for r in there]))
    lost = tuple(f"Process {reply.pid} ended before it answered." for reply in replies if reply.gone)
    return Outcome(
        state="live",
        pids=tuple(reply.pid for reply in loaded),
        changed=_distinct([reply.changed for reply in loaded]),
        notes=(*_distinct([reply.notes for reply in loaded]), *lost),
        milliseconds=milliseconds,
        processes=processes,
        already=all(reply.state == "already" for reply in loaded),
    )


def shown(path: str | Path, root: Path) -> str:
    """Return a path as people see it: relative to the root where it lies in it."""
    try:
        return str(Path(path).relative_to(root))
    except ValueError:
        return str(path)


def within(sentence: str, root: Path) -> str:
    """Return a sentence with the root's paths made relative."""
    return sentence.replace(f"{root}{os.sep}", "")


def summary(outcome: Outcome, paths: Sequence[str | Path], root: Path, *, would: bool = False) -> str:
    """Return one line: `orders.py: 2 functions, 1 class method, 1 constant · 3 ms`, or why nothing changed."""
    if outcome.state in {"refused", "gone", "absent"}:
        return within(outcome.sentence, root)
    names = [shown(path, root) for path in paths]
    what = ", ".join(names) if len(names) <= 3 else f"{len(names)} files"
    if outcome.state == "not_loaded":
        return f"{what}: not imported by this program yet, so read as it is when it is imported"
    groups: dict[str, list[DefinitionChange]] = {}
    for item in outcome.definitions:
        if item.action in DONE:
            groups.setdefault(shown(item.file, root) if item.file else item.module, []).append(item)
    spent = "" if would else f" · {duration(outcome.milliseconds)}"
    if not groups:
        return f"{what}: {_nothing(outcome, would=would)}{spent}"
    parts = [f"{name}: {counted(items)}" for name, items in groups.items()]  # type: ignore[arg-type] # it reads the same fields
    if len(parts) > 3:
        everything = [item for items in groups.values() for item in items]
        parts = [f"{len(groups)} files: {counted(everything)}"]  # type: ignore[arg-type]
    several = f" in {len(outcome.pids)} processes" if len(outcome.pids) > 1 else ""
    return f"{'; '.join(parts)}{several}{spent}"


def _nothing(outcome: Outcome, *, would: bool) -> str:
    if outcome.changed:
        word = "definition" if len(outcome.changed) == 1 else "definitions"
        return f"{len(outcome.changed)} {word}{' would change' if would else ''}"
    if outcome.left:
        return "nothing was changed" if not would else "nothing would change"
    return "the running code is this already" if outcome.already else "nothing that runs has changed"


def remarks(outcome: Outcome, root: Path) -> list[str]:
    """Return the sentences that go with the summary: what goes on as it was and why, what finishes on old code."""
    told = []
    for item in outcome.left:
        where = f" ({shown(item.file, root)}:{item.line})" if item.file and item.line else ""
        reason = item.reason or "it cannot be changed while the program runs: restart the program for it."
        told.append(within(f"{item.full}{where} stays as it was: {reason}", root))
    told += [within(note, root) for note in (*outcome.notes, *_distinct([process.blockers for process in outcome.processes]))]
    return list(dict.fromkeys(told))
