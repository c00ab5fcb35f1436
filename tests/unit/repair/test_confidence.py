from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexoide.model.patch import Evidence
from nexoide.repair import evidence
from nexoide.repair.beliefs import INTERCEPT, WEIGHTS
from nexoide.repair.confidence import Calibration, Rival, calibration, judge
from nexoide.repair.features import WORDS
from nexoide.repair.proposal import Proposal

BELIEVED = Calibration(intercept=INTERCEPT, weights=WEIGHTS)
RENAME = {"a.py": (b"a.lenght\n", b"a.length\n")}
REPLAYED = Evidence(kind="replay", outcome="passed", summary="it runs")


def proposal(prior: float = 0.8, files=RENAME, **more) -> Proposal:
    return Proposal(rule="some-rule", title="t", rationale="r", files=files, prior=prior, **more)


def said(item: Proposal, *rows: Evidence, **more) -> float:
    return judge(item, rows, model=BELIEVED, **more).confidence


@given(st.floats(0, 1), st.lists(st.sampled_from(["replay", "tests", "reach", "mutation", "types", "regression", "rebuilt"]), max_size=7))
def test_it_stays_in_its_bounds(prior, kinds):
    rows = [Evidence(kind=kind, outcome="passed", summary="3 of 4", detail=()) for kind in kinds]
    assert 0.01 <= said(proposal(prior), *rows) <= 0.99


def test_a_run_that_passes_raises_it_and_a_rival_lowers_it():
    alone = said(proposal(), REPLAYED, behaviour="x")
    assert alone > said(proposal())
    assert alone > said(proposal(), REPLAYED, behaviour="x", rivals=[Rival(0.7, "y"), Rival(0.6, "z")])
    assert alone == said(proposal(), REPLAYED, behaviour="x", rivals=[Rival(0.9, "x")]), "a patch that behaves the same is no rival"


def test_without_anything_executed_it_stays_below_070():
    score = judge(proposal(0.99), [evidence.inspection(passed=True)], model=BELIEVED)
    assert score.confidence <= 0.69
    assert any("no executed test" in item for item in score.vetoes)


def test_tests_that_do_not_reach_the_edit_are_not_execution():
    tests = evidence.suite(before_passed=9, before_failed=0, after_passed=9, after_failed=0)
    assert said(proposal(0.99), tests, evidence.reach(False)) <= 0.69
    assert said(proposal(0.99), tests, evidence.reach(True)) > 0.7


@pytest.mark.parametrize(
    ("base", "new"),
    [
        ("f()\n", "try:\n    f()\nexcept Exception:\n    g()\n"),
        ("try:\n    f()\nexcept KeyError:\n    g()\n", "try:\n    f()\nexcept (KeyError, ValueError):\n    pass\n"),
        ("if x < 0:\n    raise ValueError\nf(x)\n", "if x < 0:\n    x = 0\nf(x)\n"),
        ("f()\ng()\n", "g()\n"),
    ],
)
def test_what_hides_or_removes_stays_below_085(base, new):
    rows = [REPLAYED, evidence.suite(before_passed=9, before_failed=1, after_passed=10, after_failed=0, fixed=("t",)), evidence.reach(True)]
    score = judge(proposal(0.99, {"a.py": (base.encode(), new.encode())}), rows, model=BELIEVED)
    assert score.confidence <= 0.84
    assert said(proposal(0.99), *rows) > 0.9


def test_a_guessed_value_and_a_touched_configuration_stay_below_085():
    rows = [REPLAYED, evidence.suite(before_passed=9, before_failed=1, after_passed=10, after_failed=0, fixed=("t",))]
    assert said(proposal(0.99, guesses=True), *rows) <= 0.84
    assert said(proposal(0.99, {"conftest.py": RENAME["a.py"]}), *rows) <= 0.84


@pytest.mark.parametrize("kind", ["inspection", "compile", "replay", "tests"])
def test_what_was_seen_to_fail_cannot_be_outvoted(kind):
    others = [row for row in (REPLAYED, evidence.reach(True)) if row.kind != kind]
    assert said(proposal(0.98), *others, Evidence(kind=kind, outcome="failed", summary="no")) <= 0.05


def test_the_parts_add_up_and_are_in_words():
    score = judge(proposal(), [REPLAYED], model=BELIEVED)
    assert "what failed runs with it" in {part.words for part in score.parts}
    assert WEIGHTS.keys() == WORDS.keys()


def test_a_rules_history_counts():
    good = Calibration(intercept=INTERCEPT, weights=WEIGHTS, rules={"some-rule": (20, 0), "other": (5, 15)})
    bad = Calibration(intercept=INTERCEPT, weights=WEIGHTS, rules={"some-rule": (2, 18), "other": (5, 15)})
    assert judge(proposal(), [REPLAYED], model=good).confidence > judge(proposal(), [REPLAYED], model=bad).confidence + 0.1


def test_the_data_file_can_be_read_and_names_known_features():
    assert calibration().weights.keys() <= WORDS.keys()


def test_policy_and_stub_are_never_merged_by_themselves():
    for nature in ("policy", "stub"):
        assert judge(proposal(nature=nature), [REPLAYED], model=BELIEVED).vetoes


def test_broken_or_vanished_tests_fail_the_patch():
    broken = evidence.suite(before_passed=3, before_failed=0, after_passed=2, after_failed=1, broken=("t1",))
    missing = evidence.suite(before_passed=3, before_failed=0, after_passed=2, after_failed=0, missing=("t1",))
    for item in (broken, missing):
        assert item.outcome == "failed"
        assert said(proposal(0.95), item) <= 0.05
    assert "now fails: t1" in broken.detail


def test_tests_that_fail_as_before_are_said():
    item = evidence.suite(before_passed=3, before_failed=1, after_passed=3, after_failed=1, confined="namespaces")
    assert item.outcome == "passed"
    assert "1 failed before" in item.summary
    assert item.detail == ("namespaces",)


def test_no_tests_are_no_evidence():
    item = evidence.suite(before_passed=0, before_failed=0, after_passed=0, after_failed=0)
    assert item.outcome == "inconclusive"


@pytest.mark.parametrize(
    ("base", "new", "name"),
    [
        ("f()\n", "try:\n    f()\nexcept Exception:\n    f()\n", "catches an error more broadly"),
        ("try:\n    f()\nexcept ValueError:\n    g()\n", "try:\n    f()\nexcept Exception:\n    g()\n", "catches an error more broadly"),
        ("f()\ng()\n", "g()\n", "removes statements"),
        ("if x:\n    f()\n", "if False:\n    f()\n", "tests a condition that is always the same"),
        ("if x:\n    f()\n", "if x:\n    pass\n", "does nothing where something was"),
    ],
)
def test_anti_patterns_are_found(base, new, name):
    item = evidence.patterns({"a.py": (base.encode(), new.encode())})
    assert any(name in line for line in item.detail)


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
    assert evidence.inspection(passed=False, findings=("bidi",)).outcome == "failed"
