"""What is on disk becomes live in the running programs: claimed only as far as it was observed, and said where it was not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from nexoide.clock import Clock
from nexoide.deployments import healed, recovery
from nexoide.deployments.probation import Probation
from nexoide.errors import NexoideError
from nexoide.journal.failpoints import hit
from nexoide.journal.journal import Journal
from nexoide.model import event as e
from nexoide.model.commands import Decided
from nexoide.model.deployment import Deployment
from nexoide.model.projection import State
from nexoide.reload.coordinator import Outcome, ReloadCoordinator, watch_lines


class GoingLive:
    """Reloads what was deployed, and begins to watch it; its callers hold the lock of the deployments."""

    def __init__(
        self,
        *,
        root: Path,
        state: State,
        journal: Journal,
        reloads: ReloadCoordinator,
        probation: Probation,
        clock: Clock,
        append: Callable[..., Awaitable[None]],
    ) -> None:
        self._root, self._state, self._journal, self._append = root, state, journal, append
        self._reloads, self._probation, self._clock = reloads, probation, clock

    async def resume(self, target: str) -> bool:
        """Bring a target whose process has just attached up to what is on disk; returns whether anything is left to observe."""
        for deployment in recovery.unfinished(self._state, self._root, target):
            if deployment.when != "next_start" or await self._was_started_since(deployment):
                await self.bring_live(deployment, again=True)
        for deployment in recovery.on_probation(self._state, target):
            await self._watch_again(deployment)
        left = recovery.unfinished(self._state, self._root, target)
        return any(deployment.when != "next_start" for deployment in left)

    def watches(self, deployment: str, target: str) -> bool:
        """Return whether a probation counts in every attached process of a target."""
        return self._probation.watches(deployment, self._reloads.attached(target))

    async def _was_started_since(self, deployment: Deployment) -> bool:
        """Return whether what is staged for the next start runs: every process that has the files imported has the new ones."""
        files = await asyncio.to_thread(healed.texts, deployment.plan, self._root, self._journal)
        return (await self._reloads.rehearse(deployment.target, files)).already

    async def bring_live(self, deployment: Deployment, *, again: bool = False) -> Decided:
        """Reload the running processes, and claim only what they answered.

        `again` means that the operator has been told already what became of it first.
        """
        began = time.monotonic()
        if deployment.when == "next_start" and not again and self._reloads.attached(deployment.target):
            return await self._not_live(deployment, Outcome(state="staged", sentence=f"staged for the next start of {deployment.target}, as decided."))
        if deployment.action == "revert":
            self._probation.end(deployment.incident)
        try:
            files = await asyncio.to_thread(healed.texts, deployment.plan, self._root, self._journal)
            watch = watch_lines(healed.watched(files), deployment.id) if deployment.action == "approve" else None
            outcome = await self._reloads.deploy(deployment.target, files, watch, when=deployment.when if deployment.when != "next_start" else "auto")
        except (NexoideError, OSError, UnicodeError) as error:
            return await self._not_live(deployment, Outcome(state="refused", sentence=str(error)))
        hit("deploy.reload.after")
        if outcome.state != "live":
            return await self._not_live(deployment, outcome)
        live = e.DeploymentLive(
            deployment=deployment.id,
            pids=outcome.pids,
            changed=outcome.changed,
            milliseconds=outcome.milliseconds,
            at=self._clock.wall(),
            processes=outcome.processes,
        )
        await self._append(live, self._incident_after(deployment, outcome))
        if deployment.action == "approve":
            self._probation.begin(self._state.deployments[deployment.id], outcome.pids, healed.watched(files))
        return self._answer(deployment, outcome, (time.monotonic() - began) * 1000)

    async def _watch_again(self, deployment: Deployment) -> None:
        """Go on with a probation in processes that do not count yet: those of a restarted program or supervisor."""
        if self._probation.watches(deployment.id, self._reloads.attached(deployment.target)):
            return
        files = await asyncio.to_thread(healed.texts, deployment.plan, self._root, self._journal)
        spans = healed.watched(files)
        outcome = await self._reloads.deploy(deployment.target, files, watch_lines(spans, deployment.id))
        if outcome.state != "live":
            return
        if set(outcome.pids) != set(deployment.pids):
            at = self._clock.wall()
            await self._append(
                e.DeploymentLive(deployment=deployment.id, pids=outcome.pids, changed=deployment.changed, milliseconds=deployment.milliseconds, at=at)
            )
        self._probation.begin(deployment, outcome.pids, spans)

    def _incident_after(self, deployment: Deployment, outcome: Outcome) -> e.IncidentMoved:
        if deployment.action == "revert":
            return e.IncidentMoved(incident=deployment.incident, state="open", note=f"{deployment.patch} was reverted by {deployment.operator}")
        note = f"{deployment.patch} is live in pid {', '.join(map(str, outcome.pids))}; watching the healed lines"
        return e.IncidentMoved(incident=deployment.incident, state="probation", note=note)

    def _answer(self, deployment: Deployment, outcome: Outcome, spent: float) -> Decided:
        commit = deployment.plan.new_commit
        word = f"committed as {commit[:10]}" if commit else "written (no git: 'git init' would keep its history)"
        if deployment.action == "revert":
            sentence = f"{deployment.patch} is reverted: {word}, reloaded in {outcome.milliseconds:.0f} ms."
            return Decided(patch=deployment.patch, state="reverted", sentence=sentence, commit=commit)
        sentence = f"{deployment.patch} is live: {word}, reloaded in {outcome.milliseconds:.0f} ms ({spent:.0f} ms in all)."
        return Decided(patch=deployment.patch, state="live", sentence=sentence, commit=commit)

    async def _not_live(self, deployment: Deployment, outcome: Outcome) -> Decided:
        """Say that it is on disk alone, and what to do; the same is not said twice."""
        verb = "reverted" if deployment.action == "revert" else "committed" if deployment.plan.new_commit else "written"
        restart = f"nexoide targets restart {deployment.target}"
        other = f"take it back: nexoide patches revert {deployment.patch}" if deployment.action == "approve" else "leave it stopped"
        todo = {
            "absent": f"it takes effect when {deployment.target} is started",
            "not_loaded": "it takes effect when the file is first imported",
            "staged": f"nothing, or restart it now: {restart}",
            "gone": f"it runs the new code when it is started again ({restart}); or {other}",
        }.get(outcome.state, f"restart it: {restart}")
        state_of = "target gone" if outcome.state == "gone" else "not live"
        note = f"{verb}, {state_of}: {outcome.sentence} What to do: {todo}."
        known = self._state.deployments[deployment.id]
        if (known.state, known.note) != ("not_live", note):
            bodies: list[e.Body] = [e.DeploymentNotLive(deployment=deployment.id, note=note, processes=outcome.processes)]
            if deployment.action == "revert":
                bodies.append(self._incident_after(deployment, outcome))
            await self._append(*bodies)
        state = "reverted" if deployment.action == "revert" else "not_live"
        return Decided(patch=deployment.patch, state=state, sentence=f"{deployment.patch} is {note}", commit=deployment.plan.new_commit)
