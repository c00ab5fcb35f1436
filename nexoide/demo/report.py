"""What the story measured, and whether all of it truly happened."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from typing import Any

from nexoide.demo.project import DEFECTS
from nexoide.demo.traffic import Count
from nexoide.model.incident import Incident
from nexoide.model.patch import Patch

FAILING = {route for _, route in DEFECTS.values()}


@dataclass(slots=True)
class Report:
    """The measurements, filled in as the story goes; times in milliseconds, `state_*` as the service itself says.

    Failing requests are kept by route here and totalled in the document, whose `details` keep the routes.
    """

    pid_before: int = 0
    pid_after: int = 0
    state_before: dict[str, Any] = field(default_factory=dict)
    state_after: dict[str, Any] = field(default_factory=dict)
    incidents: list[Incident] = field(default_factory=list)
    patches: list[Patch] = field(default_factory=list)
    failing_before: dict[str, int] = field(default_factory=dict)
    failing_after_approve: dict[str, int] = field(default_factory=dict)
    failing_after_revert: dict[str, int] = field(default_factory=dict)
    error_to_proposal_ms: list[float] = field(default_factory=list)
    approve_to_live_ms: list[float] = field(default_factory=list)
    dropped_requests: int = 0
    journal_events: int = 0
    audit_ok: bool = False
    orders_kept: bool = False
    reverted_route: str = ""
    problems: list[str] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        """Return the one JSON object; `problems` is in it only where there are some."""
        whole: dict[str, Any] = {
            "pid_before": self.pid_before,
            "pid_after": self.pid_after,
            "state_before": self.state_before.get("orders", 0),
            "state_after": self.state_after.get("orders", 0),
            "incidents": [{"fingerprint": i.fingerprint, "class": i.error_class, "occurrences": i.count} for i in self.incidents],
            "patches": [_patch_row(patch) for patch in self.patches],
            "failing_before": sum(self.failing_before.values()),
            "failing_after_approve": sum(self.failing_after_approve.values()),
            "failing_after_revert": sum(self.failing_after_revert.values()),
            "error_to_proposal_ms": _times(self.error_to_proposal_ms),
            "approve_to_live_ms": _times(self.approve_to_live_ms)["median"],
            "dropped_requests": self.dropped_requests,
            "journal_events": self.journal_events,
            "audit_ok": self.audit_ok,
            "details": {
                "approve_to_live_ms": _times(self.approve_to_live_ms)["each"],
                "failing_by_route": {
                    "before": self.failing_before,
                    "after_approve": self.failing_after_approve,
                    "after_revert": self.failing_after_revert,
                },
                "reverted_route": self.reverted_route,
                "state": {"before": self.state_before, "after": self.state_after},
            },
        }
        return {**whole, "problems": self.problems} if self.problems else whole

    def judge(self) -> list[str]:
        """Return a sentence for everything that did not happen as it should."""
        healed = [patch for patch in self.patches if patch.commit]
        checks = (
            (self.pid_before and self.pid_before == self.pid_after, f"The service's process changed from {self.pid_before} to {self.pid_after}."),
            (self._memory_kept(), f"The service's memory was lost: before {self.state_before}, after {self.state_after}."),
            (len(self.incidents) == len(DEFECTS), f"{len(self.incidents)} incidents were grouped where there are {len(DEFECTS)} defects."),
            (len(healed) == len(DEFECTS), f"{len(healed)} of {len(DEFECTS)} defects were healed by a commit."),
            (_failing(self.failing_before) == FAILING, _still("Before, each defect's route should fail and no other", self.failing_before)),
            (
                self.failing_after_approve and not _failing(self.failing_after_approve),
                _still("After all approvals no route should fail", self.failing_after_approve),
            ),
            (
                self.reverted_route and _failing(self.failing_after_revert) == {self.reverted_route},
                _still(f"After the revert only {self.reverted_route or 'one route'} should fail", self.failing_after_revert),
            ),
            (len(self.error_to_proposal_ms) == len(DEFECTS), f"{len(self.error_to_proposal_ms)} of {len(DEFECTS)} incidents got a proposal."),
            (len(self.approve_to_live_ms) == len(DEFECTS), f"{len(self.approve_to_live_ms)} of {len(DEFECTS)} approvals were seen live."),
            (not self.dropped_requests, f"{self.dropped_requests} requests got no answer."),
            (self.audit_ok, "The journal's chain does not verify."),
        )
        return [sentence for holds, sentence in checks if not holds]

    def _memory_kept(self) -> bool:
        before, after = self.state_before, self.state_after
        return bool(self.orders_kept and before and after and before["started"] == after["started"] and before["orders"] <= after["orders"])


def _patch_row(patch: Patch) -> dict[str, Any]:
    files = [change.path for change in patch.files]
    return {"id": patch.id, "incident": patch.incident, "confidence": patch.confidence, "files": files, "commit": patch.commit}


def _times(each: list[float]) -> dict[str, Any]:
    rounded = [round(value, 1) for value in each]
    return {"each": rounded, "median": round(statistics.median(each), 1) if each else None}


def _still(wanted: str, routes: dict[str, int]) -> str:
    found = ", ".join(sorted(_failing(routes))) or "none does"
    return f"{wanted}; {f'failing: {found}' if routes else 'it was not measured'}."


def _failing(routes: dict[str, int]) -> set[str]:
    return {route for route, count in routes.items() if count}


def failing(counts: dict[str, Count]) -> dict[str, int]:
    """Return how many requests of each route failed or got no answer."""
    return {route: count.failed + count.dropped for route, count in counts.items()}
