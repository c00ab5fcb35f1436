"""Ceilings of the confidence, and what forbids that a patch is merged without a human, whatever its confidence.

The ceilings: without anything executed that reaches the edit below 0.70; below 0.85 for what removes behaviour, swallows
errors broadly, weakens a check, touches tests, CI or configuration, or guesses a value, and for guards, policies and stubs that no test
of the project speaks for. The bounds are the healing loop's own.
"""

from __future__ import annotations

from collections.abc import Sequence

from nexoide.model.patch import Evidence
from nexoide.repair.antipatterns import WORDS, Pattern, patterns
from nexoide.repair.features import changed_lines
from nexoide.repair.proposal import Proposal

WITHOUT_RUN, WITH_DOUBT, FAILED = 0.69, 0.84, 0.05
HARD = frozenset({"inspection", "compile", "replay", "tests"})
"""Kinds of evidence that no patch may fail."""
_DOUBTS: tuple[Pattern, ...] = ("removes", "swallows", "weakens", "surface", "constant", "unreadable")
_EXECUTED = frozenset({"replay", "rebuilt", "regression", "tests"})
_UNTESTED = {
    "guard": "it guards where the fault shows, and no test of the project says what is right there",
    "policy": "it sets a limit, a retry or a wait, and no test of the project says which",
    "stub": "it is a stub",
    "model": "a language model wrote it, and no test of the project says what is right there",
}
MAX_LINES = 10


def executed(evidence: Sequence[Evidence]) -> bool:
    """Say whether something was run that passed with the patch, and may have reached the edit."""
    ran = any(row.kind in _EXECUTED and row.outcome == "passed" for row in evidence)
    only_tests = not any(row.kind in _EXECUTED - {"tests"} and row.outcome == "passed" for row in evidence)
    missed = any(row.kind == "reach" and row.outcome == "failed" for row in evidence)
    return ran and not (only_tests and missed)


def ceiling(proposal: Proposal, evidence: Sequence[Evidence]) -> tuple[float, str]:
    """Return the highest confidence that a patch may have, and why (empty where nothing bounds it)."""
    failed = next((row for row in evidence if row.outcome == "failed" and row.kind in HARD), None)
    if failed is not None:
        return FAILED, f"{failed.kind}: {failed.summary}"
    if not executed(evidence):
        return WITHOUT_RUN, "nothing was executed that reaches the edit"
    shown = patterns(proposal.files)
    doubt = next((WORDS[name] for name in _DOUBTS if name in shown), "")
    if doubt:
        return WITH_DOUBT, f"it {doubt}"
    if proposal.guesses:
        return WITH_DOUBT, "it puts in a value that nothing in the program states"
    if proposal.nature in ("guard", "policy", "stub", "model") and not _tested(evidence):
        return WITH_DOUBT, _UNTESTED[proposal.nature]
    return 0.99, ""


def _tested(evidence: Sequence[Evidence]) -> bool:
    """Say whether a test of the project's own failed before and passes with the patch: somebody wrote down what is right."""
    return any(row.kind == "tests" and row.outcome == "passed" and any(item.startswith("now passes") for item in row.detail) for row in evidence)


def vetoes(proposal: Proposal, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """Return why a patch may not be merged by itself, each a clause; empty where only its confidence decides."""
    found = []
    if not executed(evidence):
        found.append("no executed test or replay reaches the edit")
    shown = patterns(proposal.files)
    found += [WORDS[name] for name in ("surface", "swallows", "removes", "weakens") if name in shown]
    if proposal.nature == "policy":
        found.append("it changes a limit, a retry or a wait, which is the operator's policy")
    if proposal.nature == "stub":
        found.append("it is a stub")
    if proposal.guesses:
        found.append("it puts in a value that nothing in the program states")
    lines = sum(changed_lines(base, new) for base, new in proposal.files.values())
    if lines > MAX_LINES or len(proposal.files) > 1:
        found.append(f"it changes {lines} lines in {len(proposal.files)} files: more than {MAX_LINES} in one")
    found += [f"{row.kind} was not confined" for row in evidence if any(item.startswith("NOT confined: network") for item in row.detail)]
    return tuple(dict.fromkeys(found))
