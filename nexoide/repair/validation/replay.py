"""The failing command again, with the patch: whether it ends well, fails as before, or goes further and fails elsewhere."""

from __future__ import annotations

from pathlib import Path

from nexoide.model.failure import Failure
from nexoide.model.patch import Evidence, Outcome
from nexoide.repair.validation.edited import edited
from nexoide.repair.validation.masking import without_tracebacks
from nexoide.repair.validation.rows import Clock
from nexoide.repair.validation.sameness import newly, own_frames, relative, same, told
from nexoide.repair.validation.trial import Observation, Trial

_MOST_COMPARED = 400


def replayed(trial: Trial, before: Observation, after: Observation, clock: Clock) -> list[Evidence]:
    """Return the rows on the run itself and on what it printed; the second is left out where there was nothing to compare."""
    outcome, summary, detail = _verdict(trial, before, after)
    lines = (*detail, f"ran for {after.seconds:.2f} s", *((after.confined,) if after.confined else ()))
    rows = [Evidence(kind="replay", outcome=outcome, summary=summary, detail=lines, milliseconds=clock.milliseconds)]
    kept = _kept(before, after) if not after.problem or after.timed_out else None
    if kept is not None:
        rows.append(kept)
    return rows


def _verdict(trial: Trial, before: Observation, after: Observation) -> tuple[Outcome, str, tuple[str, ...]]:
    root = trial.root.resolve()
    if any(same(trial.failure, item, root) for item in after.failures):
        return "failed", f"it fails as before: {told(trial.failure)}", ()
    fresh = newly(after.failures, before.failures, root)
    where = _in_edit(trial, fresh, root)
    if where:
        return "failed", f"it fails in the edited lines: {where}", ()
    if after.timed_out:
        if before.timed_out:
            return "inconclusive", f"it was still running after {after.seconds:.0f} s, as before; the failure did not show", ()
        return "failed", f"it did not end within {after.seconds:.0f} s; without the patch it did after {before.seconds:.1f} s", ()
    if after.problem:
        return "inconclusive", after.problem.rstrip("."), ()
    if fresh:
        return "inconclusive", f"the failure is gone; it goes on and fails elsewhere: {told(fresh[0])}", tuple(told(item) for item in fresh[1:4])
    if after.failures:
        return "inconclusive", f"the failure is gone; another one of before is still there: {told(after.failures[0])}", ()
    if after.exit_code != 0:
        if _printed(trial.failure, after.output):
            return "failed", f"it still prints {told(trial.failure)} and ends with exit code {after.exit_code}", ()
        return "inconclusive", f"the failure is gone, and it ends with exit code {after.exit_code}", ()
    return "passed", "the command runs to its end and the failure is gone", ()


def _in_edit(trial: Trial, fresh: tuple[Failure, ...], root: Path) -> str:
    lines = edited(trial.proposal.files)
    for failure in fresh:
        for frame in own_frames(failure, root)[-1:]:
            path = relative(frame.file, root)
            if path is not None and frame.line in lines.get(path, ()):
                return f"{told(failure)} ({path}, line {frame.line})"
    return ""


def _printed(failure: Failure, output: str) -> bool:
    return bool(failure.exceptions) and told(failure) in output


def _kept(before: Observation, after: Observation) -> Evidence | None:
    """Compare what was printed beside the failure with the beginning of what is printed now, line by line."""
    clock = Clock()
    first, second = without_tracebacks(before.output)[:_MOST_COMPARED], without_tracebacks(after.output)
    if not first:
        return None
    number = next((place for place, line in enumerate(first) if second[place : place + 1] != [line]), -1)
    if number < 0:
        summary = f"what it printed before the failure is the same: {len(first)} line{'s' if len(first) != 1 else ''}"
        return Evidence(kind="output", outcome="passed", summary=summary, milliseconds=clock.milliseconds)
    now = second[number] if number < len(second) else "nothing"
    detail = (f"line {number + 1} was: {first[number][:120]}", f"and is: {now[:120]}")
    summary = "it prints something else even before the point of failure"
    return Evidence(kind="output", outcome="inconclusive", summary=summary, detail=detail, milliseconds=clock.milliseconds)
