"""What rules with larger edits or with advice are checked with: the best proposal of one rule, run; or its advice, and no proposal."""

from __future__ import annotations

from pathlib import Path

from nexoide.repair.engine import Asking, diagnose
from nexoide.repair.proposal import Advice, Diagnosis, Proposal
from nexoide.repair.surroundings import Surroundings
from tests.unit.repair.programs import Case, apply, fail, old_python, run


def solved(root: Path, case: Case, rule: str, *, old: bool = False, surroundings: Surroundings | None = None) -> Proposal:
    """Fail, diagnose, apply the rule's best proposal, run again: it must print what it should."""
    failure = fail(root, case.files)
    diagnosis = diagnose(root, old_python(failure) if old else failure, Asking(surroundings=surroundings or Surroundings()))
    own = [item for item in diagnosis.proposals if item.rule == rule]
    assert own, diagnosis
    best = own[0]
    assert 0.1 < best.prior <= 0.95
    assert best.rationale.endswith(".")
    assert best.alternatives
    apply(root, best)
    printed, again = run(root)
    assert again is None, (again and again.exceptions[0].message, best)
    assert printed == case.prints
    if case.has:
        assert any(case.has in new.decode() for _, new in best.files.values()), best.files
    if case.title:
        assert case.title in best.title
    return best


def advised(root: Path, files: dict[str, str], rule: str, *, final: bool, surroundings: Surroundings | None = None) -> Advice:
    """Fail and diagnose: the rule must advise, and propose nothing."""
    diagnosis = diagnose(root, fail(root, files), Asking(surroundings=surroundings or Surroundings()))
    assert [item for item in diagnosis.proposals if item.rule == rule] == []
    found = [item for item in diagnosis.advice if item.rule == rule]
    assert found, diagnosis
    assert found[0].final is final
    assert found[0].text.endswith((".", "oom'; free -h", "ulimit -n")) or "To see it: " in found[0].text
    return found[0]


def silent(root: Path, files: dict[str, str], rule: str) -> Diagnosis:
    """Fail and diagnose: the rule must propose nothing."""
    diagnosis = diagnose(root, fail(root, files))
    assert [item for item in diagnosis.proposals if item.rule == rule] == [], diagnosis
    return diagnosis
