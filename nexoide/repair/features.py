"""What a patch's confidence is computed from: numbers read off the proposal, its evidence and its rivals, each with words for people."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from nexoide.model.patch import Evidence
from nexoide.repair.antipatterns import patterns
from nexoide.repair.proposal import Proposal

MOST_LOGIT = 4.0
_PASSED = re.compile(r"(\d+) tests? pass")
_SHARE = re.compile(r"(\d+) of (\d+)")

WORDS: dict[str, str] = {
    "prior": "what the rule itself believes",
    "history": "how often this rule was right on known failures",
    "call": "it changes a call, not the origin",
    "guard": "it guards where the fault shows, not where it arises",
    "policy": "it sets a limit, a retry or a wait",
    "stub": "it writes a stub",
    "model": "a language model wrote it",
    "guesses": "it puts in a value that nothing in the program states",
    "replayed": "what failed runs with it",
    "replay failed": "what failed fails with it too",
    "output kept": "what was printed before the failure is printed still",
    "rebuilt": "the failing call, rebuilt from its captured values, returns",
    "regression": "a generated test fails without it and passes with it",
    "mutants": "the test notices when the edit is spoilt",
    "tests": "the project's own tests pass",
    "tests fixed": "tests that failed pass with it",
    "no tests": "the project has no tests that ran",
    "reached": "the edited lines were run",
    "not reached": "nothing that ran reaches the edited lines",
    "types worse": "the type checker finds more to say",
    "import failed": "a changed module cannot be imported",
    "not live": "the running program cannot take it",
    "lines": "the size of the change",
    "files": "it changes several files",
    "swallows": "it catches more than it must",
    "removes": "it removes statements",
    "weakens": "it weakens a check",
    "odd": "it tests a constant, or does nothing",
    "early exit": "it leaves a function early",
    "rivals": "other repairs behave differently and pass as well",
    "margin": "how far it is ahead of the next of them",
    "rounds": "more than one failure had to be repaired",
}


@dataclass(frozen=True, slots=True)
class Rival:
    """Another patch for the same failure that passed what could be run: what its rule believed, and how it behaved."""

    prior: float
    behaviour: str


def logit(probability: float) -> float:
    """Return the log-odds of a probability, at most 4 either way."""
    held = min(0.999, max(0.001, probability))
    return max(-MOST_LOGIT, min(MOST_LOGIT, math.log(held / (1.0 - held))))


def features(proposal: Proposal, evidence: Sequence[Evidence], rivals: Sequence[Rival], behaviour: str, *, rounds: int = 1) -> dict[str, float]:
    """Return the features by the names of `WORDS`; those that are 0 are left out. The rule's history is added by the caller."""
    found = {"prior": logit(proposal.prior), "guesses": float(proposal.guesses), "rounds": float(rounds - 1)}
    if proposal.nature in WORDS:
        found[proposal.nature] = 1.0
    found.update(_of_change(proposal.files))
    found.update(_of_evidence(evidence))
    others = {item.behaviour or str(number): item.prior for number, item in enumerate(rivals) if not behaviour or item.behaviour != behaviour}
    found["rivals"] = math.log2(1 + len(others))
    if others:
        found["margin"] = max(-3.0, min(3.0, logit(proposal.prior) - logit(max(others.values())))) - 1.5
    return {name: round(value, 4) for name, value in found.items() if value}


def _of_change(files: Mapping[str, tuple[bytes, bytes]]) -> dict[str, float]:
    shown = patterns(files)
    lines = sum(changed_lines(base, new) for base, new in files.values())
    return {
        "lines": math.log2(1 + lines) - 1.0,
        "files": float(len(files) - 1),
        "swallows": float("swallows" in shown),
        "removes": float("removes" in shown),
        "weakens": float("weakens" in shown),
        "odd": float("constant" in shown or "idle" in shown),
        "early exit": float("early exit" in shown),
    }


def changed_lines(base: bytes, new: bytes) -> int:
    """Return how many lines a change touches: for each place the larger of what goes and what comes."""
    matcher = SequenceMatcher(None, base.split(b"\n"), new.split(b"\n"), autojunk=False)
    return sum(max(last - first, new_last - new_first) for tag, first, last, new_first, new_last in matcher.get_opcodes() if tag != "equal")


def _of_evidence(evidence: Sequence[Evidence]) -> dict[str, float]:
    rows = {row.kind: row for row in evidence}
    outcomes = {kind: row.outcome for kind, row in rows.items()}
    found = {
        "replayed": float(outcomes.get("replay") == "passed"),
        "replay failed": float(outcomes.get("replay") == "failed"),
        "output kept": float(outcomes.get("output") == "passed"),
        "rebuilt": float(outcomes.get("rebuilt") == "passed"),
        "regression": float(outcomes.get("regression") == "passed"),
        "reached": float(outcomes.get("reach") == "passed"),
        "not reached": float(outcomes.get("reach") == "failed"),
        "types worse": float(outcomes.get("types") == "failed"),
        "import failed": float(outcomes.get("import") == "failed"),
        "not live": float(outcomes.get("rehearsal") == "failed"),
    }
    tests = rows.get("tests")
    if tests is not None and tests.outcome == "passed":
        passed = _PASSED.search(tests.summary)
        found["tests"] = min(2.0, math.log2(1 + int(passed[1])) / 2) if passed else 0.3
        found["tests fixed"] = float("failed before" in tests.summary and any(item.startswith("now passes") for item in tests.detail))
    elif tests is None or tests.outcome == "inconclusive":
        found["no tests"] = 1.0
    mutation = rows.get("mutation")
    share = _SHARE.search(mutation.summary) if mutation is not None else None
    if share and int(share[2]):
        found["mutants"] = int(share[1]) / int(share[2]) - 0.5
    return found
