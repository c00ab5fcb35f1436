"""The outside of the repair engine: one asynchronous question, answered by a warm worker process."""

from __future__ import annotations

from typing import Any

from nexoide.errors import InspectionError, RefusedError
from nexoide.model.codec import to_builtins
from nexoide.patches.workers import WorkerPool
from nexoide.repair.proposal import Diagnosis, Proposal, ProposeRequest, diagnosis_from_dict

ENGINE = "nexoide.repair.engine:propose"
SECONDS = 20.0

__all__ = ["ENGINE", "Diagnosis", "Proposal", "ProposeRequest", "Repairer"]


class Repairer:
    """Asks a worker for a diagnosis; `pool` must have been made with `ENGINE` among its functions."""

    def __init__(self, pool: WorkerPool, *, seconds: float = SECONDS) -> None:
        self._pool = pool
        self._seconds = seconds

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
            },
        }
        try:
            return diagnosis_from_dict(await self._pool.call(job, self._seconds))
        except (InspectionError, RefusedError) as error:
            return Diagnosis(thoughts=(("found", error.sentence[:120]),), reason=error.sentence)
