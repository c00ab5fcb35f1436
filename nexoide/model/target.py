"""A target: a program that the supervisor starts, watches and restarts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TargetState = Literal["stopped", "starting", "running", "attached", "exited", "given_up"]
HealthState = Literal["unknown", "well", "unwell"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetStatus:
    """What was last observed of a target; `attached` means that its probe is connected.

    `owned` is False for a program that attached itself: it was not started here, and is never stopped or restarted.
    `start_time` is in clock ticks since boot, `started_at` in wall seconds, `starts` the starts within the window of its restart
    policy. `health` is what its health checks say since `health_since` (wall seconds); `unknown` where none are set or none came out yet.
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
    started_at: float = 0.0
    starts: int = 0
    health: HealthState = "unknown"
    health_note: str = ""
    health_since: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetDetail:
    """A target as it is this moment: what its processes use, how much of its output is kept, and the last lines of it.

    `memory_bytes` is resident memory and `cpu_seconds` processor time of all its `processes` together; `log_bytes` is what is kept of its
    output on the disk, `dropped_bytes` and `dropped_lines` what was given up of it to keep the log within its bound.
    """

    status: TargetStatus
    uptime_seconds: float = 0.0
    processes: int = 0
    memory_bytes: int = 0
    cpu_seconds: float = 0.0
    log: str = ""
    log_bytes: int = 0
    dropped_bytes: int = 0
    dropped_lines: int = 0
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputPiece:
    """Some lines that a target printed, as they were read from its log.

    `at` is when they were read (wall seconds), None for what was printed before anybody followed. `cursor` names the place after
    the last of them; whoever asks again with it goes on there. `dropped` counts the bytes before these lines that nobody can read any more.
    """

    target: str
    lines: tuple[str, ...]
    cursor: str = ""
    at: float | None = None
    dropped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Thought:
    """One line of an agent's live thinking; `step` is the word shown in front of it."""

    agent: str
    step: Literal["saw", "think", "try", "found", "wait", "done"]
    text: str
    incident: str = ""
    patch: str = ""
    at: float = 0.0
