"""Events to record, a clock to set, and a journal's bytes to spoil."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from nexoide.model.deployment import Decision, Deployment, DeploymentPlan
from nexoide.model.event import DecisionMade, DeploymentStarted, Notice


class SetClock:
    """A clock whose hands are set by hand."""

    def __init__(self, wall: float = 1_700_000_000.0) -> None:
        self.now = wall

    def wall(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return 0.0


def note(text: str = "hello") -> Notice:
    return Notice(level="info", text=text)


def decision(patch: str = "P-1") -> DecisionMade:
    return DecisionMade(decision=Decision(patch=patch, action="approve", digest="d" * 64, operator="ada", at=1.0))


def intent(identity: str = "D-1") -> DeploymentStarted:
    plan = DeploymentPlan(files=())
    return DeploymentStarted(deployment=Deployment(id=identity, patch="P-1", incident="I-1", target="shop", action="approve", operator="ada", plan=plan))


def change(path: Path, statement: str, *values: object) -> None:
    """Change a closed journal behind its back."""
    with sqlite3.connect(path) as connection:
        connection.execute(statement, values)
    connection.close()
