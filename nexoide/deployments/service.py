"""Approve, reject, revert: the single path of a decision, from its checks to what was observed in the running program."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from nexoide.clock import Clock
from nexoide.deployments import checks, effects, messages, recovery
from nexoide.deployments.golive import GoingLive
from nexoide.deployments.probation import Probation
from nexoide.errors import ConflictError, NexoideError
from nexoide.journal.failpoints import hit
from nexoide.journal.journal import Journal
from nexoide.model import event as e
from nexoide.model.commands import DecideCommand, Decided
from nexoide.model.deployment import Action, Decision, Deployment, DeploymentPlan, PlannedFile
from nexoide.model.patch import Patch
from nexoide.model.projection import State
from nexoide.model.reload import When
from nexoide.reload.coordinator import ReloadCoordinator
from nexoide.vcs.repository import Repository


class Deployments:
    """Owns git, the files and the running code of a workspace; one decision at a time."""

    def __init__(
        self,
        *,
        root: Path,
        state: State,
        journal: Journal,
        repository: Repository | None,
        reloads: ReloadCoordinator,
        probation: Probation,
        clock: Clock,
        when_of: Callable[[str], When] = lambda target: "auto",
    ) -> None:
        self._root, self._state, self._journal, self._repository = root, state, journal, repository
        self._probation, self._clock, self._when_of = probation, clock, when_of
        self._lock = asyncio.Lock()
        self._live = GoingLive(root=root, state=state, journal=journal, reloads=reloads, probation=probation, clock=clock, append=self._append)

    @property
    def _workspace(self) -> str:
        return str(self._root)

    async def approve(self, patch_id: str, command: DecideCommand, via: str) -> Decided:
        """Commit, write and hot-reload exactly the bytes whose digest the command names.

        Raises ConflictError where they are not the patch's, somebody decided before, or the base moved, and
        RepositoryError where the repository is in a state in which nothing may be committed.
        """
        async with self._lock:
            checks.require_operator(command)
            patch = checks.known(self._state, patch_id)
            checks.require_state(patch, "waiting")
            checks.require_digest(self._workspace, patch, command)
            contents = await asyncio.to_thread(checks.contents, patch, self._journal)
            parent = await self._preflight(patch)
            text = messages.approval(patch, self._state.incidents.get(patch.incident), command.operator, self._journal.head)
            plan = await asyncio.to_thread(self._plan, patch, contents, text, parent)
            return await self._decide(patch, command, "approve", plan, via)

    async def reject(self, patch_id: str, command: DecideCommand, via: str) -> Decided:
        """Turn a waiting patch down; it stays readable, and is not proposed again."""
        async with self._lock:
            checks.require_operator(command)
            patch = checks.known(self._state, patch_id)
            checks.require_state(patch, "waiting")
            checks.require_digest(self._workspace, patch, command)
            await self._append(e.DecisionMade(decision=self._decision(patch, command, "reject")), command=command, via=via)
            await self._append(e.IncidentMoved(incident=patch.incident, state="open", note=f"{patch.id} was rejected by {command.operator}"))
            return Decided(patch=patch.id, state="rejected", sentence=f"{patch.id} is rejected.")

    async def revert(self, patch_id: str, command: DecideCommand, via: str) -> Decided:
        """Take a deployed patch back: an inverse commit, the files, and the running code; later edits are kept."""
        async with self._lock:
            checks.require_operator(command)
            patch = checks.known(self._state, patch_id)
            checks.require_state(patch, "live", "not_live")
            checks.require_digest(self._workspace, patch, command)
            done = self._state.deployments[patch.deployment]
            plan = await asyncio.to_thread(self._reverse_plan, patch, done, command)
            return await self._decide(patch, command, "revert", plan, via)

    async def _preflight(self, patch: Patch) -> str:
        """Return the commit to build on, having checked disk and repository; a patch that lost its base becomes stale."""
        try:
            return await asyncio.to_thread(self._check, patch)
        except ConflictError as error:
            await self._append(e.PatchStale(patch=patch.id, reason=error.sentence))
            raise

    def _check(self, patch: Patch) -> str:
        if self._repository is not None:
            self._repository.require_committable()
        checks.require_base(patch, self._root)
        if self._repository is None:
            return ""
        parent = checks.require_parent(patch, self._repository, lambda head: self.follows(head, patch.base_commit))
        self._repository.require_clean([change.path for change in patch.files])
        return parent

    def follows(self, head: str, base: str) -> bool:
        """Return whether only commits of our own deployments lie between `base` and `head`."""
        ours = {done.plan.new_commit: done.plan.old_commit for done in self._state.deployments.values() if done.plan.new_commit}
        while head != base:
            if head not in ours:
                return False
            head = ours[head]
        return True

    def _plan(self, patch: Patch, contents: Mapping[str, bytes | None], text: messages.CommitText, parent: str) -> DeploymentPlan:
        if self._repository is None:
            files = [PlannedFile(path=change.path, before_sha256=change.base_sha256, after_sha256=change.new_sha256) for change in patch.files]
            return DeploymentPlan(files=tuple(files))
        message = f"{text.subject}\n\n{text.body}"
        plan: DeploymentPlan = self._repository.prepare(contents, message=message, trailers=text.trailers, parent=parent, author=None, when=self._clock.wall())
        return plan

    def _reverse_plan(self, patch: Patch, done: Deployment, command: DecideCommand) -> DeploymentPlan:
        if self._repository is None:
            files = [replace(file, before_sha256=file.after_sha256, after_sha256=file.before_sha256) for file in done.plan.files]
            plan = DeploymentPlan(files=tuple(files))
            for file in plan.files:
                if effects.file_state(self._root, file) == "other":
                    raise ConflictError(f"{file.path} was edited since {patch.id} was written, so it is not reverted: undo it by hand.")
            return plan
        self._repository.require_committable()
        parent = self._repository.head()
        contents = self._repository.inverse(done.plan, parent)
        self._repository.require_clean(list(contents))
        text = messages.reversal(patch, done, command.operator, command.reason, self._journal.head)
        return self._plan(patch, contents, text, parent)

    def _decision(self, patch: Patch, command: DecideCommand, action: Action) -> Decision:
        return Decision(patch=patch.id, action=action, digest=command.digest, operator=command.operator, at=self._clock.wall(), reason=command.reason)

    async def _decide(self, patch: Patch, command: DecideCommand, action: Action, plan: DeploymentPlan, via: str) -> Decided:
        """Journal the decision and its intent in one durable transaction, then let the effect begin."""
        deployment = Deployment(
            id=f"D-{len(self._state.deployments) + 1}",
            patch=patch.id,
            incident=patch.incident,
            target=patch.target,
            action="revert" if action == "revert" else "approve",
            operator=command.operator,
            plan=plan,
            passes_needed=self._probation.passes_needed if action == "approve" else 0,
            started_at=self._clock.wall(),
            when=self._when(patch, command, action),
        )
        decision = self._decision(patch, command, action)
        blobs = await asyncio.to_thread(self._plan_blobs, plan)
        hit("deploy.decide.before")
        await self._append(e.DecisionMade(decision=decision), e.DeploymentStarted(deployment=deployment), command=command, via=via, blobs=blobs)
        hit("deploy.decide.after")
        return await self.carry_out(deployment)

    def _when(self, patch: Patch, command: DecideCommand, action: Action) -> When:
        """Return when it goes live: as decided, else as the settings say; taking back waits for no next start unless told to."""
        usual = self._when_of(patch.target)
        return checks.when_of(command) or ("auto" if action == "revert" and usual == "next_start" else usual)

    def _plan_blobs(self, plan: DeploymentPlan) -> list[bytes]:
        """Return the bytes a restart needs that the blob store may not have yet: those that only git has."""
        if self._repository is None:
            return []
        found = []
        for file in plan.files:
            for commit in (plan.old_commit, plan.new_commit):
                data = self._repository.blob(commit, file.path)
                if data is not None:
                    found.append(data)
        return found

    async def carry_out(self, deployment: Deployment) -> Decided:
        """Do, or finish after a restart, everything that a durable decision asks for."""
        try:
            await asyncio.to_thread(effects.apply, deployment.plan, self._root, self._repository, self._journal)
        except NexoideError as error:
            await self._append(e.DeploymentFailed(deployment=deployment.id, note=error.sentence))
            raise
        await self._append(e.DeploymentCommitted(deployment=deployment.id), *self._overtaken(deployment))
        hit("deploy.committed.after")
        return await self._live.bring_live(deployment)

    def _overtaken(self, deployment: Deployment) -> list[e.PatchStale]:
        """Return the waiting patches whose files this deployment has just changed: they are made anew."""
        touched = {file.path for file in deployment.plan.files}
        return [
            e.PatchStale(patch=patch.id, reason=f"{deployment.patch} changed the same file; it is made anew")
            for patch in self._state.waiting()
            if patch.id != deployment.patch and touched & {change.path for change in patch.files}
        ]

    async def resume(self, target: str) -> bool:
        """Bring a target whose process has just attached up to what is on disk; returns whether anything is left to observe."""
        async with self._lock:
            return await self._live.resume(target)

    def watches(self, deployment: str, target: str) -> bool:
        """Return whether a probation counts in every attached process of a target."""
        return self._live.watches(deployment, target)

    async def _append(self, *bodies: e.Body, command: DecideCommand | None = None, via: str = "local", blobs: list[bytes] | None = None) -> None:
        actor = f"operator:{command.operator}" if command else recovery.ACTOR
        await self._journal.append(*bodies, actor=actor, via=via, blobs=blobs or [])
