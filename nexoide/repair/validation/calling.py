"""The failing calls made again in the sandbox, from the values that were captured: before, with the patch, and with inputs near them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nexoide.errors import NexoideError
from nexoide.model.patch import Evidence
from nexoide.repair.validation.edited import edited
from nexoide.repair.validation.masking import masked
from nexoide.repair.validation.neighbours import neighbours
from nexoide.repair.validation.rebuilding import Call, rebuilt
from nexoide.repair.validation.rows import Clock, row
from nexoide.repair.validation.running import hits
from nexoide.repair.validation.sameness import own_frames
from nexoide.repair.validation.trial import Trial
from nexoide.repair.validation.workshop import Site
from nexoide.sandbox.bench import Bench

_EACH = 2.0
_ALL = 15.0
_TWICE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one call came to.

    `stage` is done, call (it raised), import (its module could not be imported), late (it did not return in time) or ended
    (its process ended without a result). `value` is the result's repr, `literal` whether that is the whole value; `error` and `message` are of what was raised,
    `frames` the project's own of it as (file, line, function).
    """

    stage: str
    value: str = ""
    type: str = ""
    literal: bool = False
    printed: str = ""
    error: str = ""
    message: str = ""
    frames: tuple[tuple[str, int, str], ...] = ()

    @property
    def told(self) -> str:
        """The outcome in a few words."""
        if self.stage == "done":
            return f"returns {self.value[:80]}" + ("…" if len(self.value) > 80 else "")
        if self.stage == "ended":
            return "ends the whole process"
        if self.stage == "late":
            return f"does not end within {_EACH:g} s"
        what = f"{self.error}: {self.message}"[:160] if self.message else self.error
        return f"raises {what}" if self.stage == "call" else f"cannot be imported: {what}"


@dataclass(slots=True)
class Calls:
    """The rebuilt calls of a failure and what each came to; `chosen` is the one that fails before the patch and not with it.

    `after` holds, for each call, the outcomes of the call itself (twice) and of its neighbours.
    """

    calls: tuple[Call, ...] = ()
    why: str = ""
    before: dict[int, Outcome] = field(default_factory=dict)
    after: dict[int, tuple[Outcome, ...]] = field(default_factory=dict)
    chosen: int = -1
    reached: set[tuple[str, int]] = field(default_factory=set)

    @property
    def call(self) -> Call | None:
        """The call that shows the failure before and not after."""
        return self.calls[self.chosen] if self.chosen >= 0 else None

    @property
    def result(self) -> Outcome | None:
        """What the chosen call came to with the patch."""
        return self.after[self.chosen][0] if self.chosen >= 0 else None

    @property
    def is_settled(self) -> bool:
        """Whether the chosen call gave the same plain value twice."""
        both = self.after[self.chosen][:_TWICE] if self.chosen >= 0 else ()
        return len(both) == _TWICE and both[0].literal and both[0] == both[1]

    def behaviour(self) -> str:
        """Everything that the calls showed, as text that is the same wherever it was run."""
        lines = [f"{number}\0{item.stage}\0{item.told}\0{item.value}\0{item.printed}" for number, found in sorted(self.after.items()) for item in found]
        return masked("\n".join(lines))


async def called(trial: Trial, site: Site, changes: Mapping[str, bytes], watched: Mapping[str, Sequence[int]]) -> tuple[Calls, Evidence]:
    """Make the rebuilt calls without and with the patch; the row says what the failing one does now."""
    clock = Clock()
    calls, why = await asyncio.to_thread(rebuilt, trial.failure, site.root)
    found = Calls(calls, why)
    if not calls:
        return found, row("rebuilt", "inconclusive", f"the failing call could not be rebuilt: {why}", clock=clock)
    try:
        bench = await site.program()
        found.before = await site.remembered(("calls", calls), lambda: _before(bench, calls))
        await _after(bench, found, changes, watched)
    except NexoideError as error:
        return found, row("rebuilt", "inconclusive", f"the failing call could not be made again: {error.sentence}", clock=clock)
    return found, _judged(trial, found, bench, clock)


async def _before(bench: Bench, calls: tuple[Call, ...]) -> dict[int, Outcome]:
    result = await bench.run("call", timeout=_ALL, seconds=_ALL - 1, each=_EACH, sets=[_set(bench, call, (call.expression,)) for call in calls])
    return {number: found[0] for number, found in _outcomes(result.rows, dict.fromkeys(range(len(calls)), 1)).items()}


async def _after(bench: Bench, found: Calls, changes: Mapping[str, bytes], watched: Mapping[str, Sequence[int]]) -> None:
    wanted = {}
    for number, call in enumerate(found.calls):
        near = neighbours(call, tuple(other for other in found.calls if other is not call))
        wanted[number] = (call.expression,) * _TWICE + near
    result = await bench.run(
        "call",
        files=changes,
        timeout=_ALL,
        seconds=_ALL - 1,
        each=_EACH,
        sets=[_set(bench, call, wanted[number]) for number, call in enumerate(found.calls)],
        watched={bench.seen(path): sorted(lines) for path, lines in watched.items()},
    )
    found.reached = hits(result.rows, bench)
    found.after = _outcomes(result.rows, {number: len(texts) for number, texts in wanted.items()})


def _set(bench: Bench, call: Call, expressions: Sequence[str]) -> dict[str, Any]:
    # asyncio takes longer to import than most calls to run: once for all of them
    imports = [list(pair) for pair in call.imports] + ([["asyncio", ""]] if call.is_async else [])
    return {"imports": imports, "path": [bench.seen(call.folder)], "expressions": list(expressions)}


def _outcomes(rows: Sequence[Mapping[str, Any]], sizes: Mapping[int, int]) -> dict[int, tuple[Outcome, ...]]:
    """Return what each call of each set came to; where nothing was said of one, its process ended by itself."""
    said: dict[tuple[int, int], Outcome] = {}
    whole: dict[int, Outcome] = {}
    for item in rows:
        number, place = item.get("set"), item.get("call")
        if not isinstance(number, int):
            continue
        made = _outcome(item)
        if isinstance(place, int):
            said.setdefault((number, place), made)
        else:
            whole[number] = made
    ended = Outcome(stage="ended")
    return {number: tuple(whole.get(number) or said.get((number, place), ended) for place in range(size)) for number, size in sizes.items()}


def _outcome(item: Mapping[str, Any]) -> Outcome:
    frames = item.get("frames")
    kept = [tuple(frame) for frame in frames if isinstance(frame, list) and len(frame) == 3] if isinstance(frames, list) else []
    texts = {name: str(item.get(name, "")) for name in ("stage", "value", "type", "printed", "error", "message")}
    return Outcome(**texts, literal=bool(item.get("literal")), frames=tuple(kept))


def _judged(trial: Trial, found: Calls, bench: Bench, clock: Clock) -> Evidence:
    """Choose the innermost call that shows the captured failure without the patch and does not with it."""
    shows = [number for number, item in found.before.items() if _is_the_failure(trial, item)]
    found.chosen = next((number for number in shows if found.after[number][0].stage == "done"), -1)
    held = bench.confinement
    if found.chosen >= 0:
        call, after = found.calls[found.chosen], found.after[found.chosen][0]
        told = (f"called: {call.expression}", f"before: {found.before[found.chosen].told}", f"with the patch: {after.told}")
        return row("rebuilt", "passed", f"{call.function} called with the captured values {after.told}", clock=clock, detail=told, held=held)
    if not shows:
        first = found.calls[0]
        detail = (f"called: {first.expression}", f"it {found.before[0].told}")
        return row("rebuilt", "inconclusive", "the captured values alone do not make the call fail: it depends on more", clock=clock, detail=detail, held=held)
    number = shows[0]
    call, after = found.calls[number], found.after[number][0]
    detail = (f"called: {call.expression}", f"with the patch: {after.told}")
    if after.stage in ("ended", "late") or _in_edit(trial, after, bench):
        where = " in an edited line" if after.stage == "call" else ""
        summary = f"{call.function} called with the captured values now {after.told}{where}"
        return row("rebuilt", "failed", summary, clock=clock, detail=detail, held=held)
    summary = f"{call.function} called with the captured values still {after.told}"
    return row("rebuilt", "inconclusive", f"{summary}: the patch acts before that call", clock=clock, detail=detail, held=held)


def _is_the_failure(trial: Trial, item: Outcome) -> bool:
    """Say whether a call failed as captured: with the same exception, raised from the same function of the project."""
    raised = trial.failure.exceptions[0]
    if item.stage != "call" or item.error != raised.type.rpartition(".")[2]:
        return False
    captured = own_frames(trial.failure, trial.root.resolve())[-1:]
    return not captured or not item.frames or captured[0].function.rpartition(".")[2] == item.frames[-1][2]


def _in_edit(trial: Trial, after: Outcome, bench: Bench) -> bool:
    lines = edited(trial.proposal.files)
    return any(file == bench.seen(path) and line in lines[path] for file, line, _ in after.frames[-1:] for path in lines)
