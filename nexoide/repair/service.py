"""The outside of the repair engine: one asynchronous question, answered by a warm worker process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nexoide.errors import InspectionError, NexoideError, RefusedError
from nexoide.model.codec import to_builtins
from nexoide.patches.workers import WorkerPool
from nexoide.repair.proposal import Diagnosis, Proposal, ProposeRequest, diagnosis_from_dict

ENGINE = "nexoide.repair.engine:propose"
PREPARE = "nexoide.repair.engine:prepare"
SECONDS = 20.0

__all__ = ["ENGINE", "PREPARE", "Diagnosis", "Proposal", "ProposeRequest", "Repairer"]


class Repairer:
    """Asks a worker for a diagnosis; `pool` must have been made with `ENGINE` among its functions."""

    def __init__(self, pool: WorkerPool, *, seconds: float = SECONDS) -> None:
        self._pool = pool
        self._seconds = seconds

    async def prepare(self, root: Path) -> None:
        """Have a worker read the project now; whatever is wrong with it is found when something is asked."""
        try:
            await self._pool.call({"function": PREPARE, "request": {"root": str(root)}}, self._seconds)
        except NexoideError:
            return

    async def diagnose(self, request: ProposeRequest) -> Diagnosis:
        """Return what was thought and what is proposed.

        A project that crashes or stalls the parser gives an empty diagnosis that says so. Raises UnavailableError where
        no worker can be had.
        """
        job: dict[str, Any] = {
            "function": ENGINE,
            "request": {
                "root": str(request.root),
                "failure": to_builtins(request.failure),
                "line_hint": request.line_hint,
                "surroundings": to_builtins(request.surroundings),
                "thorough": request.thorough,
            },
        }
        try:
            return diagnosis_from_dict(await self._pool.call(job, self._seconds))
        except (InspectionError, RefusedError) as error:
            return Diagnosis(thoughts=(("found", error.sentence[:120]),), reason=error.sentence)
