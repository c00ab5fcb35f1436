"""What repairs need to know of where a target runs: its interpreter, its packages, the names of its variables; asked once, ahead."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

from nexoide.config import TargetSettings
from nexoide.errors import NexoideError
from nexoide.repair.surroundings import Surroundings, surroundings


class Facts:
    """The surroundings of every target; `python_of` names a target's interpreter."""

    def __init__(self, *, targets: dict[str, TargetSettings], python_of: Callable[[str], str]) -> None:
        self._targets, self._python_of = targets, python_of
        self._known: dict[tuple[str, str], asyncio.Task[Surroundings]] = {}

    async def of(self, target: str) -> Surroundings:
        """Return what is known of a target; little where its interpreter does not answer."""
        key = (target, self._python_of(target))
        if key not in self._known:
            self._known[key] = asyncio.ensure_future(self._ask(*key))
        return await asyncio.shield(self._known[key])

    async def _ask(self, target: str, python: str) -> Surroundings:
        settings = self._targets.get(target)
        env = dict(settings.env) if settings is not None else {}
        variables = {name for name in os.environ if not name.startswith("NEXOIDE_")} | set(env)
        command = settings.command if settings is not None else ()
        try:
            return await surroundings(python, command=command, variables=variables)
        except NexoideError:
            return Surroundings(command=command, variables=tuple(sorted(variables)))
