"""In which order targets are started and stopped, and for what one still waits."""

from __future__ import annotations

from collections.abc import Mapping

from nexoide.config import TargetSettings
from nexoide.model.target import TargetStatus

_WORDS = {"given_up": "was given up", "starting": "is only starting", "stopped": "is stopped", "exited": "ended"}


def stages(settings: Mapping[str, TargetSettings]) -> list[list[str]]:
    """Return the targets in stages, each after those that its members are to be started after; what has no order comes last."""
    left, found = dict(settings), list[list[str]]()
    while left:
        ready = [name for name, target in left.items() if not any(other in left for other in target.after)]
        if not ready:
            return [*found, list(left)]  # a cycle: nexoide.toml cannot hold one, and whoever builds settings otherwise waits for ever
        found.append(ready)
        for name in ready:
            del left[name]
    return found


def waits_for(target: TargetSettings, settings: Mapping[str, TargetSettings], statuses: Mapping[str, TargetStatus]) -> str:
    """Return in words for what a target still waits, "" where it can be started.

    What it waits for must run, and be well where that is checked; a program that ended with exit code 0 has done what it was there for.
    """
    reasons = [reason for name in target.after if (reason := _not_ready(name, settings.get(name), statuses.get(name)))]
    return "; ".join(reasons[:5])


def _not_ready(name: str, settings: TargetSettings | None, status: TargetStatus | None) -> str:
    if settings is None or status is None:
        return f"there is no target {name}"
    if status.state in {"running", "attached"}:
        if not settings.health.asked or status.health == "well":
            return ""
        return f"{name} is unwell: {status.health_note}" if status.health == "unwell" else f"{name} is not well yet"
    if status.state == "exited" and status.exit_code == 0:
        return ""
    return f"{name} {_WORDS.get(status.state, status.state)}"
