"""A target: a program that the supervisor starts, watches and restarts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TargetState = Literal["stopped", "starting", "running", "attached", "exited", "given_up"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetStatus:
    """What was last observed of a target; `attached` means that its probe is connected.

    `owned` is False for a program that attached itself: it was not started here, and is never stopped or restarted.
    """

    name: str
    command: tuple[str, ...]
    state: TargetState = "stopped"
    pid: int = 0
    start_time: float = 0.0
    python: str = ""
    restarts: int = 0
    exit_code: int | None = None
    note: str = ""
    tail: tuple[str, ...] = ()
    owned: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Thought:
    """One line of an agent's live thinking; `step` is the word shown in front of it."""

    agent: str
    step: Literal["saw", "think", "try", "found", "wait", "done"]
    text: str
    incident: str = ""
    patch: str = ""
    at: float = 0.0
