from __future__ import annotations

from typing import Any

import pytest

from nexoide.sandbox.compare import compare
from nexoide.sandbox.confinement import Confinement
from nexoide.sandbox.report import TestReport

HOW = Confinement(tier="kernel", confined=(), not_confined=(), sentence="")


def report(exit_code: int | None = 0, **more: Any) -> TestReport:
    outcomes = more.pop("outcomes", {})
    more = {"finished": True, "has_ids": bool(outcomes), **more}
    return TestReport(outcomes=outcomes, exit_code=exit_code, seconds=1.0, confinement=HOW, **more)


GREEN = report(outcomes={"t::a": "passed", "t::b": "passed"})
RED = report(1, outcomes={"t::a": "passed", "t::b": "failed"})


def test_the_same_green_run_is_ok() -> None:
    found = compare(GREEN, GREEN)
    assert (found.ok, found.weak, found.total, found.sentence) == (True, False, 2, "2 of 2 tests pass.")


def test_a_healed_test_is_named() -> None:
    found = compare(RED, GREEN)
    assert found.ok
    assert found.newly_passing == ("t::b",)
    assert found.sentence == "2 of 2 tests pass, 1 of them only with the patch."


def test_a_test_that_fails_before_and_after_does_not_speak_against_the_patch() -> None:
    found = compare(RED, RED)
    assert found.ok
    assert found.still_failing == ("t::b",)
    assert found.sentence == "1 of 2 tests pass; 1 test fails with and without it."


@pytest.mark.parametrize("outcome", ["failed", "error"])
def test_a_new_failure_is_not_ok(outcome: str) -> None:
    found = compare(GREEN, report(1, outcomes={"t::a": "passed", "t::b": outcome}))
    assert not found.ok
    assert found.newly_failing == ("t::b",)
    assert found.sentence == "1 test fails only with the patch: t::b."


def test_a_failing_test_that_the_base_did_not_have_is_a_new_failure() -> None:
    found = compare(GREEN, report(1, outcomes={**GREEN.outcomes, "t::new": "failed"}))
    assert not found.ok
    assert found.newly_failing == ("t::new",)


def test_a_missing_test_is_not_ok_whatever_it_was() -> None:
    found = compare(RED, report(outcomes={"t::a": "passed"}))
    assert not found.ok
    assert found.missing == ("t::b",)
    assert "1 of 2 tests did not run with the patch: t::b" in found.sentence


@pytest.mark.parametrize("base", [GREEN, RED])
def test_a_newly_skipped_test_is_not_ok(base: TestReport) -> None:
    found = compare(base, report(outcomes={"t::a": "passed", "t::b": "skipped"}))
    assert not found.ok
    assert found.newly_skipped == ("t::b",)


def test_a_test_that_was_skipped_before_may_stay_so() -> None:
    base = report(outcomes={"t::a": "passed", "t::b": "skipped"})
    assert compare(base, base).ok
    assert compare(base, GREEN).ok


def test_a_session_without_an_end_is_not_ok() -> None:
    found = compare(GREEN, report(0, outcomes=GREEN.outcomes, finished=False))
    assert not found.ok
    assert "did not come to its end" in found.sentence


def test_green_tests_under_a_failing_command_are_not_ok() -> None:
    found = compare(GREEN, report(3, outcomes=GREEN.outcomes))
    assert not found.ok
    assert "ended with 3" in found.sentence


def test_a_report_that_cannot_be_believed_is_not_ok() -> None:
    assert not compare(GREEN, report(outcomes=GREEN.outcomes, problem="2 lines are not ours.")).ok


@pytest.mark.parametrize("which", [0, 1])
def test_a_run_that_did_not_begin_or_end_decides_nothing(which: int) -> None:
    for bad in (report(None, problem="No sandbox."), report(137, timed_out=True, outcomes=GREEN.outcomes)):
        pair = [GREEN, GREEN]
        pair[which] = bad
        assert not compare(*pair).ok


def test_exit_codes_alone_are_weak() -> None:
    found = compare(report(0), report(0))
    assert (found.ok, found.weak) == (True, True)
    assert "weak evidence" in found.sentence
    assert not compare(report(0), report(1)).ok
    assert not compare(report(1), report(1)).ok


def test_no_tests_at_all_is_weak() -> None:
    empty = report(5, has_ids=True)
    assert (compare(empty, empty).ok, compare(empty, empty).weak) == (True, True)


def test_many_names_are_shortened() -> None:
    base = report(outcomes={f"t::{n}": "passed" for n in range(10)})
    found = compare(base, report(0, outcomes={"t::0": "passed"}))
    assert found.sentence.endswith("t::1, t::2, t::3 and 6 more.")
