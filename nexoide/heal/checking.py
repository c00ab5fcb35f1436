"""One proposal tried: validated in layers, with the failing command run again as one of them."""

from __future__ import annotations

from dataclasses import replace

from nexoide.model.patch import Evidence
from nexoide.repair.validation import Observation, Observe, Trial, Validated, Workshop, validate

_TESTS = frozenset({"tests", "selected"})
_NOTHING = ("true",)


async def check(trial: Trial, before: Observation, observe: Observe, workshop: Workshop, *, run_tests: bool) -> Validated:
    """Return the evidence for one patch; `before` is what the command showed without it."""
    if run_tests:
        return await validate(trial, observe=observe, before=before, workshop=workshop)
    made = await validate(replace(trial, tests=_NOTHING), observe=observe, before=before, workshop=workshop)
    rows = [row for row in made.evidence if row.kind not in _TESTS]
    if len(rows) < len(made.evidence):
        rows.append(Evidence(kind="tests", outcome="inconclusive", summary="the project's own tests were not run, as asked"))
    return replace(made, evidence=tuple(rows))
