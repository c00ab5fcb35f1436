from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexoide.model.patch import Evidence
from nexoide.repair import evidence
from nexoide.repair.confidence import weigh


def row(weight: float, kind: str = "x", outcome: str = "passed") -> Evidence:
    return Evidence(kind=kind, outcome=outcome, summary="", weight=weight)


def test_without_evidence_it_is_the_prior():
    assert weigh(0.7, ()) == pytest.approx(0.7)


def test_log_odds_add():
    assert weigh(0.5, (row(math.log(3)),)) == pytest.approx(0.75)
    assert weigh(0.5, (row(1.0, "a"), row(-1.0, "b"))) == pytest.approx(0.5)


def test_of_one_kind_the_weakest_counts_once():
    assert weigh(0.5, (row(2.0), row(0.5), row(2.0))) == weigh(0.5, (row(0.5),))


@pytest.mark.parametrize("kind", ["inspection", "tests"])
def test_what_was_seen_to_fail_cannot_be_outvoted(kind):
    assert weigh(0.98, (row(-0.1, kind, "failed"), row(4.0, "a"), row(4.0, "b"))) <= 0.05


@given(st.floats(0, 1), st.lists(st.floats(-50, 50), max_size=12))
def test_it_stays_in_its_bounds_and_rises_with_evidence(prior, weights):
    rows = [row(weight, str(number)) for number, weight in enumerate(weights)]
    held = weigh(prior, rows)
    assert 0.01 <= held <= 0.99
    assert weigh(prior, [*rows, row(1.0, "more")]) >= held


def test_the_same_rule_gets_different_confidences_from_different_evidence():
    files = {"a.py": (b"x = 1\n", b"x = 2\n")}
    strong = [
        evidence.suite(before_passed=9, before_failed=1, after_passed=10, after_failed=0, fixed=("t",)),
        evidence.uniqueness(1),
        evidence.size(files),
        evidence.reach(True),
    ]
    weak = [
        evidence.suite(before_passed=0, before_failed=0, after_passed=0, after_failed=0),
        evidence.uniqueness(4, rank=1),
        evidence.size(files),
        evidence.reach(False),
    ]
    assert weigh(0.8, strong) > 0.95
    assert weigh(0.8, weak) < 0.6


def test_broken_or_vanished_tests_fail_the_patch():
    broken = evidence.suite(before_passed=3, before_failed=0, after_passed=2, after_failed=1, broken=("t1",))
    missing = evidence.suite(before_passed=3, before_failed=0, after_passed=2, after_failed=0, missing=("t1",))
    for item in (broken, missing):
        assert item.outcome == "failed"
        assert weigh(0.95, [item]) <= 0.05
    assert "now fails: t1" in broken.detail


def test_tests_that_fail_as_before_are_said():
    item = evidence.suite(before_passed=3, before_failed=1, after_passed=3, after_failed=1, confined="namespaces")
    assert item.outcome == "passed"
    assert "1 failed before" in item.summary
    assert item.detail == ("namespaces",)


def test_no_tests_are_no_evidence():
    item = evidence.suite(before_passed=0, before_failed=0, after_passed=0, after_failed=0)
    assert item.outcome == "inconclusive"
    assert item.weight < 0


@pytest.mark.parametrize(
    ("base", "new", "name"),
    [
        ("f()\n", "try:\n    f()\nexcept Exception:\n    f()\n", "catches an error more broadly"),
        ("try:\n    f()\nexcept ValueError:\n    g()\n", "try:\n    f()\nexcept Exception:\n    g()\n", "catches an error more broadly"),
        ("f()\ng()\n", "g()\n", "removes 1 statement"),
        ("if x:\n    f()\n", "if False:\n    f()\n", "tests a condition that is always the same"),
        ("if x:\n    f()\n", "if x:\n    pass\n", "does nothing where something was"),
    ],
)
def test_anti_patterns_are_found(base, new, name):
    item = evidence.patterns({"a.py": (base.encode(), new.encode())})
    assert any(name in line for line in item.detail)
    assert item.weight <= -1.0


def test_a_plain_rename_shows_no_anti_pattern():
    item = evidence.patterns({"a.py": (b"a.lenght\n", b"a.length\n")})
    assert item.outcome == "passed"


def test_size_counts_lines_and_files():
    item = evidence.size({"a.py": (b"a\nb\n", b"a\nc\nd\n"), "b.py": (b"a\n", b"b\n")})
    assert item.summary == "+3 −2 lines in 2 files"


def test_rehearsal_and_inspection_speak_of_what_was_observed():
    assert evidence.rehearsal(prepared=None).outcome == "inconclusive"
    assert evidence.rehearsal(prepared=False, notes=("closure differs",)).outcome == "failed"
    assert evidence.rehearsal(prepared=True, changed=("f",)).summary == "the running program can take it: 1 definition would change"
    assert evidence.inspection(passed=False, findings=("bidi",)).weight == -4.0
