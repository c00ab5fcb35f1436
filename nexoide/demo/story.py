"""The story of the demo with no terminal: fail, propose, approve, heal, revert, all of it measured from outside.

Decisions go through the same API that the screen uses, under a digest computed here from the bytes; what the service
does is measured by sending it requests.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from http.client import HTTPException
from typing import Any

from nexoide.client.commands import Client
from nexoide.demo import gitlog, traffic
from nexoide.demo.digest import computed_digest
from nexoide.demo.project import DEFECTS, SERVICE, Project
from nexoide.demo.report import Report, failing
from nexoide.demo.watch import Watch
from nexoide.errors import ConflictError, NexoideError, UnavailableError
from nexoide.model.commands import DecideCommand
from nexoide.model.patch import Patch
from nexoide.model.projection import State
from nexoide.workspace import Workspace

RATE = 40.0
OPERATOR = "story"
START_SECONDS = 20.0
PROPOSE_SECONDS = 30.0
LIVE_SECONDS = 15.0
RESOLVE_SECONDS = 25.0
_ATTEMPTS = 3 * len(DEFECTS)
_KEPT_ORDERS = 5

Say = Callable[[str], None]


async def play(project: Project, say: Say) -> Report:
    """Play the story against the project's running supervisor; returns the report, with a sentence for all that did not happen."""
    client = Client(Workspace(project.root).socket)
    story = _Story(project, client, say)
    try:
        async with Watch(client) as story.watch:
            try:
                await story.play()
            except NexoideError as error:
                story.report.problems.append(error.sentence)
            finally:
                await story.finish()
    finally:
        await client.aclose()
    story.report.problems.extend(story.report.judge())
    return story.report


class _Story:
    """One run of the story; `watch` is set before it is played."""

    watch: Watch

    def __init__(self, project: Project, client: Client, say: Say) -> None:
        self.project, self.client, self.say = project, client, say
        self.report = Report()
        self.traffic = traffic.Traffic(project.url, RATE)
        self._dropped_by_probes = 0
        self._first_orders: list[Any] = []

    async def play(self) -> None:
        await self._begin()
        await self._heal_all()
        await self._see_healed()
        await self._revert_last()

    async def _begin(self) -> None:
        await self.watch.until(_attached, START_SECONDS, f"the target {SERVICE} to run under the probe")
        if not await asyncio.to_thread(traffic.wait_until_up, self.project.url, START_SECONDS):
            raise UnavailableError(f"The service did not answer at {self.project.url} within {START_SECONDS:g} s.")
        self.report.failing_before = await self._probe_round()
        stats = await self._get("/stats")
        self.report.pid_before, self.report.state_before = stats["pid"], _state(stats)
        self._first_orders = await self._orders()
        self.say(f"{sum(1 for count in self.report.failing_before.values() if count)} routes fail; the service is process {stats['pid']}")
        self.traffic.start()

    async def _heal_all(self) -> None:
        """Approve what waits until every defect's incident has a patch that is live."""
        for _ in range(_ATTEMPTS):
            if len(_healed(self.watch.state)) >= len(DEFECTS):
                return
            await self.watch.until(_next_waiting, PROPOSE_SECONDS, f"a patch for each of {len(DEFECTS)} incidents", self._progress)
            patch = _next_waiting(self.watch.state)
            assert patch is not None
            await self._approve(patch)
        raise UnavailableError(f"{_ATTEMPTS} patches were decided about and not every incident is healed.{self._progress()}")

    def _progress(self) -> str:
        state = self.watch.state
        fates = ", ".join(f"{patch.id} is {patch.state}" for patch in state.patches.values())
        return f" There are {len(state.incidents)} incidents; {fates or 'no patch was proposed'}."

    async def _approve(self, seen: Patch) -> None:
        patch = await self.client.patch(seen.id)
        digest = await computed_digest(self.client, self.project.root, patch)
        asked = time.monotonic()
        try:
            decided = await self.client.approve(patch.id, DecideCommand(digest=digest, operator=OPERATOR, reason="the demo's story"))
        except ConflictError as error:
            await self.watch.until(lambda state: state.patches[seen.id].state != "waiting", LIVE_SECONDS, f"{seen.id} to be made anew ({error.sentence})")
            return
        await self.watch.until(_state_is(patch.id, "live"), LIVE_SECONDS, f"{patch.id} to be live ({decided.sentence})")
        took = 1000 * (self.watch.live_at[self.watch.state.patches[patch.id].deployment] - asked)
        self.report.approve_to_live_ms.append(took)
        self.say(f"{patch.id} approved and live after {took:.0f} ms: {patch.title}")

    async def _see_healed(self) -> None:
        await self.watch.until(_resolved, RESOLVE_SECONDS, "every incident to be resolved", self._progress)
        self.report.failing_after_approve = await self._probe_round()
        self.report.problems.extend(await asyncio.to_thread(gitlog.missing_commits, self.project.root, _healed(self.watch.state)))
        self.say("all incidents are resolved; every route was called again")

    async def _revert_last(self) -> None:
        """Take the last patch back: its route must fail again, and only that one."""
        last = _healed(self.watch.state)[-1]
        self.report.patches = _healed(self.watch.state)
        await self.client.revert(last.id, DecideCommand(digest=last.digest, operator=OPERATOR, reason="the demo's story"))
        await self.watch.until(_state_is(last.id, "reverted"), LIVE_SECONDS, f"{last.id} to be reverted")
        self.report.reverted_route = DEFECTS.get(last.files[0].path, ("", ""))[1]
        self.report.failing_after_revert = await self._probe_round()
        self.report.problems.extend(await asyncio.to_thread(gitlog.missing_revert, self.project.root, last))
        self.say(f"{last.id} reverted: {self.report.reverted_route} fails again")

    async def finish(self) -> None:
        """Stop the traffic and take the last measurements, as far as they can be taken."""
        counts = await asyncio.to_thread(self.traffic.stop)
        report, state = self.report, self.watch.state
        report.dropped_requests = traffic.total(counts).dropped + self._dropped_by_probes
        report.incidents = list(state.incidents.values())
        report.patches = report.patches or list(state.patches.values())
        first = {incident.id: incident.first_at for incident in state.incidents.values()}
        report.error_to_proposal_ms = [1000 * (at - first[incident]) for incident, at in self.watch.proposed_at.items() if incident in first]
        try:
            stats = await self._get("/stats")
            report.pid_after, report.state_after = stats["pid"], _state(stats)
            report.orders_kept = bool(self._first_orders) and await self._orders() == self._first_orders
            report.audit_ok = (await self.client.audit()).ok
            status = await self.client.status()
            report.journal_events, report.incidents = status.events, list(status.incidents)
        except NexoideError as error:
            report.problems.append(error.sentence)

    async def _probe_round(self) -> dict[str, int]:
        counts = await asyncio.to_thread(traffic.probe_round, self.project.url)
        self._dropped_by_probes += traffic.total(counts).dropped
        return failing(counts)

    async def _get(self, path: str) -> Any:
        try:
            return await asyncio.to_thread(traffic.get, self.project.url, path)
        except (OSError, HTTPException) as error:
            raise UnavailableError(f"The service did not answer GET {path} ({error!r}).") from error

    async def _orders(self) -> list[Any]:
        """Return the first orders the service remembers, without their status (traffic may cancel them)."""
        found = [await self._get(f"/orders/{number}") for number in range(1, _KEPT_ORDERS + 1)]
        return [{key: value for key, value in order.items() if key != "status"} for order in found]


def _state(stats: dict[str, Any]) -> dict[str, Any]:
    return {key: stats[key] for key in ("orders", "revenue", "started")}


def _attached(state: State) -> bool:
    return SERVICE in state.targets and state.targets[SERVICE].state == "attached"


def _state_is(patch_id: str, wanted: str) -> Callable[[State], bool]:
    return lambda state: patch_id in state.patches and state.patches[patch_id].state == wanted


def _healed(state: State) -> list[Patch]:
    """Return the patches that are live, in the order in which they were deployed."""
    live = [deployment.patch for deployment in state.deployments.values() if deployment.action == "approve" and deployment.state == "live"]
    return [state.patches[patch] for patch in live if state.patches[patch].state == "live"]


def _next_waiting(state: State) -> Patch | None:
    """Return the oldest patch that waits for a decision and whose incident has no live one."""
    done = {patch.incident for patch in _healed(state)}
    return next((patch for patch in state.waiting() if patch.incident not in done), None)


def _resolved(state: State) -> bool:
    return len(state.incidents) >= len(DEFECTS) and all(incident.state == "resolved" for incident in state.incidents.values())
