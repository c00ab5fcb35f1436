"""The examples that rules bring: repaired by the rule's first proposal, each must end well and print what it says."""

from __future__ import annotations

from pathlib import Path

from nexoide.repair.engine import diagnose
from nexoide.repair.rules import own_rules
from nexoide.repair.rules.base import Example, Rule
from tests.unit.repair.programs import apply, fail, run


def named(name: str) -> Rule:
    return next(rule for rule in own_rules() if rule.name == name)


def check_example(rule: Rule, example: Example, root: Path) -> None:
    failure = fail(root, example.files)
    diagnosis = diagnose(root, failure)
    own = [item for item in diagnosis.proposals if item.rule == rule.name]
    if example.prints is None:
        assert not own, own
        return
    assert own, diagnosis
    apply(root, own[0])
    printed, again = run(root)
    assert again is None, again
    assert printed == example.prints


def leaves_alone(name: str, root: Path, files: dict[str, str]) -> None:
    """The program fails, and this rule proposes nothing for it."""
    diagnosis = diagnose(root, fail(root, files))
    assert [item for item in diagnosis.proposals if item.rule == name] == []
