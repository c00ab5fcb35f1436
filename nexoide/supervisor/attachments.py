"""What begins when a program's probe attaches: it is known, brought up to what is on disk, and its probation goes on."""

from __future__ import annotations

import asyncio
from typing import Any

from nexoide.deployments import recovery
from nexoide.deployments.service import Deployments
from nexoide.model.projection import State
from nexoide.supervisor.boundary import TaskRoot
from nexoide.supervisor.guests import Guests
from nexoide.supervisor.targets import Targets
from nexoide.supervisor.watching import Saves

REATTACH_SECONDS = (0.3, 0.7, 1.5, 3.0, 6.0, 20.0, 60.0)
"""A program that has just started imports its modules little by little; when to look again whether it has a patch's files."""


class Attachments:
    """The processes whose probes are connected, and what is owed to one that is new."""

    def __init__(self, *, state: State, targets: Targets, guests: Guests, saves: Saves, deployments: Deployments, tasks: TaskRoot) -> None:
        self._state, self._targets, self._guests, self._saves, self._deployments, self._tasks = state, targets, guests, saves, deployments, tasks
        self._python: dict[str, str] = {}

    def attached(self, target: str, hello: dict[str, Any]) -> None:
        """A probe connected."""
        self._python[target] = str(hello.get("executable") or "")
        self._targets.attached(target, hello)
        self._guests.attached(target, hello)
        self._tasks.spawn(self._reattach(target), f"Attaching to {target}")
        self._tasks.spawn(self._saves.attached(target, int(hello["pid"]), guest=self._guests.known(target)), f"Bringing {target} up to date")

    def detached(self, target: str, hello: dict[str, Any]) -> None:
        """The last connection of a process ended."""
        self._targets.detached(target, hello)
        self._guests.detached(target, hello)

    def python_of(self, target: str) -> str:
        """Return the interpreter of a target: the one that attached last, else the one that its command names."""
        return self._python.get(target) or self._targets.interpreter(target)

    async def _reattach(self, target: str) -> None:
        """Bring a process that has just attached up to what was deployed, and go on with its probation."""
        for pause in REATTACH_SECONDS:
            await asyncio.sleep(pause)
            left = await self._deployments.resume(target)
            waiting = recovery.on_probation(self._state, target)
            if not left and all(self._deployments.watches(item.id, target) for item in waiting):
                return
