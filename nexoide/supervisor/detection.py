"""What becomes of a failure: it is grouped, held against what was just deployed, and reopens what counted as resolved."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nexoide.deployments.probation import Probation
from nexoide.deployments.service import Deployments
from nexoide.errors import ConflictError, NexoideError
from nexoide.incidents.grouping import Grouper
from nexoide.incidents.probe_source import dropped_from, failure_from
from nexoide.model import event as e
from nexoide.model.commands import DecideCommand
from nexoide.model.deployment import Deployment
from nexoide.model.projection import State

OPERATOR = "nexoide (probation)"


class Detection:
    """The way of a failure from a probe into the journal; all of it on the event loop, none of it waits."""

    def __init__(self, *, root: Path, state: State, emit: Callable[[e.Body], None], probation: Probation, deployments: Deployments) -> None:
        self._state, self._emit, self._probation, self._deployments = state, emit, probation, deployments
        numbers = itertools.count(len(state.incidents) + 1)
        self._grouper = Grouper(root, lambda: f"I-{next(numbers)}", emit, asyncio.get_running_loop())
        self._grouper.restore(state)
        self._reopening: set[str] = set()

    def failed(self, target: str, pid: int, message: dict[str, Any]) -> None:
        """Take one failure as a probe of `target` reported it; raises UsageError where it is none."""
        failure = failure_from(message, target)
        identity, _ = self._grouper.feed(failure, dropped_from(message))
        self._probation.failed(identity, failure)
        incident = self._state.incidents.get(identity)
        if incident is None or incident.state != "resolved":
            self._reopening.discard(identity)
        elif identity not in self._reopening:
            self._reopening.add(identity)
            self._emit(e.IncidentMoved(incident=identity, state="open", note="it came back after it was resolved"))

    async def take_back(self, deployment: Deployment, note: str) -> None:
        """Revert a patch that did not hold, and say so where that cannot be done; a human may have been faster."""
        patch = self._state.patches[deployment.patch]
        command = DecideCommand(digest=patch.digest, operator=OPERATOR, reason=note)
        try:
            await self._deployments.revert(patch.id, command, "probation")
        except ConflictError:
            return
        except NexoideError as error:
            self._emit(e.Notice(level="error", text=f"{patch.id} did not hold and could not be reverted: {error.sentence}"))

    def close(self) -> None:
        """Tell what was counted and not told yet."""
        self._grouper.close()
