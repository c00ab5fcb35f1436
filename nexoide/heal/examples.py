"""A rule's examples, tried for real: the program fails, the rule's first proposal is made, and then it prints what it should."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nexoide.errors import InspectionError, NexoideError, RefusedError
from nexoide.heal import choosing
from nexoide.heal.command import invocation
from nexoide.heal.copying import put
from nexoide.heal.diffs import diff
from nexoide.heal.observing import Stage
from nexoide.heal.words import described
from nexoide.model.codec import to_builtins
from nexoide.model.failure import Failure
from nexoide.patches.workers import WorkerPool
from nexoide.repair.proposal import Diagnosis, diagnosis_from_dict
from nexoide.repair.rules.base import Example, Rule
from nexoide.repair.service import ENGINE, SECONDS
from nexoide.repair.validation.trial import Observation
from nexoide.sandbox import scratch

RUN_SECONDS = 30.0
_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of one example: whether it is as it should be, in a sentence; `diff` is the change, `error` what failed at first."""

    rule: str
    example: str
    ok: bool
    said: str
    error: str = ""
    title: str = ""
    diff: str = ""
    seconds: float = 0.0


class Examples:
    """Tries examples, at most two at once; made by `examples`."""

    def __init__(self, pool: WorkerPool) -> None:
        self._pool = pool
        self._places = asyncio.Semaphore(2)

    async def every(self, rules: Sequence[Rule]) -> list[Tried]:
        """Return what came of each example of some rules, in their order."""
        return await asyncio.gather(*(self.one(rule.name, example) for rule in rules for example in rule.examples))

    async def one(self, rule: str, example: Example) -> Tried:
        """Return what came of one example; what cannot be run is said in it."""
        async with self._places, scratch.folder() as own:
            root = own / "program"
            root.mkdir()
            began = asyncio.get_running_loop().time()
            try:
                put(root, {path: text.encode() for path, text in example.files.items()})
                tried = await self._try(rule, example, root.resolve())
            except NexoideError as error:
                tried = Tried(rule=rule, example=example.name, ok=False, said=error.sentence)
            seconds = round(asyncio.get_running_loop().time() - began, 3)
        return Tried(**{**to_builtins(tried), "seconds": seconds})

    async def _try(self, rule: str, example: Example, root: Path) -> Tried:
        run = await invocation(f"'{sys.executable}' main.py", root, {})
        async with Stage(root, run, timeout=RUN_SECONDS) as stage:
            before = await stage.observe()
            failure = next(iter(choosing.ordered(before)), None)
            if failure is None:
                return Tried(rule=rule, example=example.name, ok=False, said=f"it does not fail: it ended with {before.exit_code} and showed no error")
            kind, message = described(failure)
            error = f"{kind}: {message}".split("\n")[0][:_SHOWN]
            diagnosis = await self._diagnose(rule, failure, root)
            if example.prints is None:
                return _without_patch(rule, example, diagnosis, error)
            if not diagnosis.proposals:
                return Tried(rule=rule, example=example.name, ok=False, error=error, said=f"nothing is proposed: {diagnosis.reason}")
            best = diagnosis.proposals[0]
            after = await stage.observe({path: new for path, (_, new) in best.files.items()})
            wrong = _wrong(after, example.prints)
        said = wrong or "fails, is repaired, prints what it should"
        return Tried(rule=rule, example=example.name, ok=not wrong, said=said, error=error, title=best.title, diff=diff(dict(best.files)))

    async def _diagnose(self, rule: str, failure: Failure, root: Path) -> Diagnosis:
        request: dict[str, Any] = {"root": str(root), "failure": to_builtins(failure), "surroundings": {}, "only": rule}
        try:
            return diagnosis_from_dict(await self._pool.call({"function": ENGINE, "request": request}, SECONDS))
        except (InspectionError, RefusedError) as error:
            return Diagnosis(reason=error.sentence)


@asynccontextmanager
async def examples() -> AsyncIterator[Examples]:
    """Lend something that tries examples, with its worker processes."""
    pool = WorkerPool((ENGINE,), size=2)
    try:
        yield Examples(pool)
    finally:
        await asyncio.shield(pool.close())


def _without_patch(rule: str, example: Example, diagnosis: Diagnosis, error: str) -> Tried:
    if diagnosis.proposals:
        return Tried(rule=rule, example=example.name, ok=False, error=error, said=f"a patch is proposed where none is right: {diagnosis.proposals[0].title}")
    advice = next((item.title for item in diagnosis.advice), "")
    said = f"advises: {advice}" if advice else "fails, and nothing is proposed, which is right"
    return Tried(rule=rule, example=example.name, ok=True, error=error, title=advice, said=said)


def _wrong(after: Observation, prints: str) -> str:
    """Say what is wrong with a run of the repaired program; empty where nothing is."""
    if after.problem:
        return after.problem
    if after.exit_code != 0:
        last = after.output.strip().rsplit("\n", 1)[-1][:_SHOWN]
        return f"with the patch it ends with {after.exit_code}: {last}"
    if after.output.strip() != prints.strip():
        return f"with the patch it prints {after.output.strip()[:_SHOWN]!r} and not {prints.strip()[:_SHOWN]!r}"
    return ""
