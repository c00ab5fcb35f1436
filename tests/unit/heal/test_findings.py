"""What was found amounts to a status and a sentence, and patches come best first."""

from __future__ import annotations

from pathlib import Path

from nexoide.heal.document import document
from nexoide.heal.findings import MAX_THOUGHTS, Findings
from nexoide.heal.result import HealedPatch
from nexoide.model.patch import Evidence
from nexoide.repair.proposal import Advice, Diagnosis, Proposal
from tests.unit.heal.made import failure, seen

ROOT = Path("/srv/shop")
RAN = Evidence(kind="replay", outcome="passed", summary="the command runs to its end")
BROKEN = failure("KeyError", "'a'", ("/srv/shop/app.py", 3, "main"))


def patch(title: str, prior: float, *, passes: bool = True, rounds: int = 1, behaviour: str = "", evidence: tuple[Evidence, ...] = (RAN,)) -> HealedPatch:
    made = Proposal(rule="r", title=title, rationale="r", files={"app.py": (b"a\n", title.encode())}, prior=prior)
    return HealedPatch(id="", proposal=made, evidence=evidence, confidence=0.0, passes=passes, rounds=rounds, behaviour=behaviour)


def test_nothing_run_is_an_error_and_nothing_wrong_is_nothing_to_fix() -> None:
    found = Findings(ROOT)
    assert found.healed().status == "error"
    found.seen = seen(code=0)
    assert found.healed().status == "nothing_to_fix"


def test_patches_come_best_first_and_are_numbered() -> None:
    found = Findings(ROOT)
    found.seen, found.failure = seen(BROKEN), BROKEN
    found.patches = [patch("weak", 0.4, behaviour="1"), patch("strong", 0.9, behaviour="2"), patch("broken", 0.95, passes=False, evidence=())]
    healed = found.healed()
    assert healed.status == "fixed"
    assert [(item.id, item.proposal.title) for item in healed.patches] == [("H-1", "strong"), ("H-2", "weak"), ("H-3", "broken")]
    assert healed.patches[0].confidence > healed.patches[1].confidence
    assert healed.patches[0].diff.startswith("--- a/app.py\n+++ b/app.py\n@@ ")
    assert healed.said.startswith("2 patches")
    assert healed.where == "app.py:3, in main"


def test_patches_that_behave_alike_are_no_rivals() -> None:
    def best(behaviour: str) -> float:
        found = Findings(ROOT)
        found.seen = seen(BROKEN)
        found.patches = [patch("one", 0.8, behaviour="same"), patch("two", 0.7, behaviour=behaviour)]
        return found.healed().patches[0].confidence

    assert best("same") > best("other")


def test_the_first_step_of_a_patch_in_rounds_is_not_offered_by_itself() -> None:
    found = Findings(ROOT)
    found.seen = seen(BROKEN)
    found.patches = [patch("one", 0.8, passes=False), patch("one; then two", 0.6, rounds=2), patch("other", 0.5, passes=False)]
    assert [item.proposal.title for item in found.healed().patches] == ["one; then two", "other"]


def test_advice_alone_means_that_no_patch_is_right() -> None:
    found = Findings(ROOT)
    found.seen, found.failure = seen(BROKEN), BROKEN
    found.take(Diagnosis(advice=(Advice(rule="r", title="set it", text="Set it."),), reason="No change."))
    assert found.healed().status == "no_patch"
    found.patches = [patch("partial", 0.5, passes=False)]
    assert found.healed().status == "not_fixed"


def test_stopped_early_it_says_so_and_keeps_what_was_found() -> None:
    found = Findings(ROOT)
    found.seen = seen(BROKEN)
    found.patches = [patch("one", 0.8)]
    healed = found.healed(interrupted=True)
    assert healed.interrupted
    assert len(healed.patches) == 1
    assert healed.said.startswith("Stopped early")


def test_thoughts_are_bounded_and_told_once() -> None:
    found = Findings(ROOT)
    for number in range(3 * MAX_THOUGHTS):
        found.think("think", f"thought {number // 2} {'x' * 500}")
    thoughts = found.healed().thoughts
    assert len(thoughts) == MAX_THOUGHTS
    assert max(len(text) for _, text in thoughts) <= 160


def test_the_document_says_what_confined_a_run_apart_from_what_came_out() -> None:
    found = Findings(ROOT)
    found.seen, found.failure = seen(BROKEN), BROKEN
    row = Evidence(kind="replay", outcome="passed", summary="s", detail=("ran for 1 s", "Confined by a test; not confined: nothing."), milliseconds=5.0)
    found.patches = [patch("one", 0.8, evidence=(row,))]
    told = document(found.healed())
    assert set(told) >= {"status", "error_class", "error", "where", "thoughts", "advice", "patches", "seconds"}
    assert told["patches"][0]["evidence"] == [
        {
            "kind": "replay",
            "outcome": "passed",
            "summary": "s",
            "detail": ["ran for 1 s"],
            "milliseconds": 5.0,
            "confined": "Confined by a test; not confined: nothing.",
        }
    ]
    fields = {"id", "title", "rule", "confidence", "parts", "vetoes", "rationale", "alternatives", "unchecked", "cautions", "diff", "files"}
    assert fields <= set(told["patches"][0])


def test_a_program_that_is_not_python_is_said_in_a_sentence() -> None:
    found = Findings(ROOT)
    found.failure = failure("SyntaxError", "'(' was never closed (app.py, line 2)")
    found.seen = seen(found.failure)
    healed = found.healed()
    assert healed.said == "app.py is not Python that its interpreter reads: '(' was never closed in line 2."
    assert healed.where == "app.py:2"
