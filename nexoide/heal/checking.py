"""One proposal tried: validated in layers, with the failing command run again as one of them."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from nexoide.errors import InspectionError
from nexoide.heal.choosing import beyond, clean, ordered, same
from nexoide.model.patch import Evidence
from nexoide.patches.inspection import inspect_all
from nexoide.repair.proposal import Proposal
from nexoide.repair.validation.trial import Observation, Trial, Validated

Observe = Callable[[Mapping[str, bytes] | None], Awaitable[Observation]]


async def check(trial: Trial, before: Observation, observe: Observe) -> Validated:
    """Return the evidence for one patch; `before` is what the command showed without it."""
    rows = [_inspected(trial.proposal)]
    if rows[0].outcome == "failed":
        return Validated(evidence=tuple(rows), refused=True)
    after = await observe({path: new for path, (_, new) in trial.proposal.files.items()})
    rows.append(replayed(before, after, trial.root))
    behaviour = hashlib.sha256(f"{after.exit_code}\0{after.output}".encode("utf-8", "surrogatepass")).hexdigest()
    refused = any(same(one, other, trial.root) for one in ordered(before)[:1] for other in after.failures)
    return Validated(evidence=tuple(rows), behaviour=behaviour, after=after, refused=refused)


def _inspected(proposal: Proposal) -> Evidence:
    try:
        notes = inspect_all({path: (base, new) for path, (base, new) in proposal.files.items()})
    except InspectionError as error:
        return Evidence(kind="inspection", outcome="failed", summary=error.sentence)
    return Evidence(kind="inspection", outcome="passed", summary="nothing hidden or forbidden in it", detail=notes)


def replayed(before: Observation, after: Observation, root: Path) -> Evidence:
    """Say what the failing command did with the patch, beside what it did without."""
    detail = (after.confined,) if after.confined else ()
    milliseconds = round(after.seconds * 1000, 1)
    if clean(after):
        return Evidence(kind="replay", outcome="passed", summary="the command runs to its end", detail=detail, milliseconds=milliseconds)
    if after.problem:
        summary = after.problem.rstrip(".")
    else:
        new = beyond(before, after, root)
        first = next(iter(new or ordered(after)), None)
        raised = first.exceptions[0] if first is not None and first.exceptions else None
        what = f"{raised.type}: {raised.message}"[:200] if raised is not None else f"exit code {after.exit_code}"
        summary = f"the command fails elsewhere now: {what}" if new else f"the command fails still: {what}"
    return Evidence(kind="replay", outcome="failed", summary=summary, detail=detail, milliseconds=milliseconds)
