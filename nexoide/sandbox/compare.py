"""Compares the tests of a patched copy with those of its base, test by test.

Every id of the base must be there again: a run that ends early, drops tests or skips them exits with 0 as well.
What a test says about itself is evidence, not proof: the code under test runs in the same process.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nexoide.sandbox.report import Outcome, TestReport

_BAD = ("failed", "error")
_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changed between two runs; ids are sorted. `ok`: nothing got worse. `weak`: that says little, and the sentence says why."""

    newly_failing: tuple[str, ...] = ()
    newly_passing: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    newly_skipped: tuple[str, ...] = ()
    still_failing: tuple[str, ...] = ()
    total: int = 0
    ok: bool
    weak: bool = False
    sentence: str


def compare(baseline: TestReport, patched: TestReport) -> Comparison:
    """Return what the patch changed for the tests; `ok` needs every id of the baseline again, none newly failing or skipped."""
    for name, report in (("before the patch", baseline), ("with the patch", patched)):
        if report.exit_code is None:
            return Comparison(ok=False, sentence=f"The tests did not run {name}: {report.problem}")
        if report.timed_out:
            return Comparison(ok=False, total=len(report.outcomes), sentence=f"The tests did not end {name}: stopped after {report.seconds:.0f} s.")
    if not baseline.has_ids:
        return _by_exit_code(baseline, patched)
    return _by_ids(baseline, patched)


def _by_exit_code(baseline: TestReport, patched: TestReport) -> Comparison:
    if patched.has_ids and patched.failing:
        failing = patched.failing
        return Comparison(ok=False, newly_failing=failing, total=len(patched.outcomes), sentence=f"{_count(failing)} with the patch: {_names(failing)}.")
    if patched.exit_code != 0 and baseline.exit_code == 0:
        return Comparison(ok=False, weak=True, sentence=f"The test command ended with 0 before the patch and with {patched.exit_code} with it.")
    note = "only the exit code is known, test by test nothing was seen (weak evidence)"
    if patched.exit_code != 0:
        return Comparison(ok=False, weak=True, sentence=f"The test command fails with and without the patch ({patched.exit_code}); {note}.")
    return Comparison(ok=True, weak=True, sentence=f"The test command ended with 0; {note}.")


def _by_ids(baseline: TestReport, patched: TestReport) -> Comparison:
    before, after = baseline.outcomes, patched.outcomes
    newly_failing = _sorted(name for name, outcome in after.items() if outcome in _BAD and before.get(name) not in _BAD)
    newly_passing = _sorted(name for name, outcome in after.items() if outcome == "passed" and before.get(name) in _BAD)
    still_failing = _sorted(name for name, outcome in after.items() if outcome in _BAD and before.get(name) in _BAD)
    missing = _sorted(name for name in before if name not in after)
    newly_skipped = _sorted(name for name, outcome in after.items() if outcome == "skipped" and before.get(name, "skipped") != "skipped")
    worse = _worse(baseline, patched, newly_failing, missing, newly_skipped)
    weak = not worse and "passed" not in after.values()
    return Comparison(
        newly_failing=newly_failing,
        newly_passing=newly_passing,
        missing=missing,
        newly_skipped=newly_skipped,
        still_failing=still_failing,
        total=len(after),
        ok=not worse,
        weak=weak,
        sentence=_sentence(worse, after, newly_passing, still_failing, weak=weak),
    )


def _worse(baseline: TestReport, patched: TestReport, newly_failing: tuple[str, ...], missing: tuple[str, ...], newly_skipped: tuple[str, ...]) -> list[str]:
    """Return one clause for everything that got worse."""
    said = []
    if newly_failing:
        said.append(f"{_count(newly_failing)} only with the patch: {_names(newly_failing)}")
    if missing:
        said.append(f"{len(missing)} of {len(baseline.outcomes)} tests did not run with the patch: {_names(missing)}")
    if newly_skipped:
        said.append(f"{len(newly_skipped)} skipped only with the patch: {_names(newly_skipped)}")
    if baseline.finished and not patched.finished:
        said.append(f"the test session did not come to its end with the patch (exit code {patched.exit_code})")
    if not said and baseline.exit_code == 0 and patched.exit_code != 0:
        said.append(f"no test failed, yet the test command ended with {patched.exit_code} with the patch")
    if not said and patched.problem and not baseline.problem:
        said.append(patched.problem.rstrip("."))
    return said


def _sentence(worse: list[str], after: dict[str, Outcome], newly_passing: tuple[str, ...], still_failing: tuple[str, ...], *, weak: bool) -> str:
    if worse:
        text = "; ".join(worse)
        return text[0].upper() + text[1:] + "."
    if weak:
        return f"No test passed, none got worse ({len(after)} seen): weak evidence."
    passed = sum(outcome == "passed" for outcome in after.values())
    text = f"{passed} of {len(after)} tests pass"
    if newly_passing:
        text += f", {len(newly_passing)} of them only with the patch"
    if still_failing:
        text += f"; {_count(still_failing)} with and without it"
    return text + "."


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names))


def _count(names: tuple[str, ...]) -> str:
    return f"{len(names)} test fails" if len(names) == 1 else f"{len(names)} tests fail"


def _names(names: tuple[str, ...]) -> str:
    rest = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + rest
