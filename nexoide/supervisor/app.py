"""The supervisor: wires the engines of one workspace together and answers the control plane."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from nexoide.clock import Clock, SystemClock
from nexoide.config import Settings
from nexoide.deployments import recovery
from nexoide.deployments.probation import Probation
from nexoide.deployments.service import Deployments
from nexoide.errors import NexoideError
from nexoide.journal.journal import Journal
from nexoide.model import event as e
from nexoide.model.commands import AuditAnswer, DecideCommand, Decided, ExplainCommand, StatusAnswer
from nexoide.model.projection import State
from nexoide.model.reload import Explanation, When
from nexoide.model.target import TargetStatus
from nexoide.reload.coordinator import ReloadCoordinator
from nexoide.sandbox import scratch
from nexoide.supervisor.anchors import git_anchors
from nexoide.supervisor.attachments import Attachments
from nexoide.supervisor.boundary import TaskRoot
from nexoide.supervisor.clinic import Clinic
from nexoide.supervisor.explaining import Explainer
from nexoide.supervisor.guests import Guests
from nexoide.supervisor.incidents import Incidents
from nexoide.supervisor.probes import Probes
from nexoide.supervisor.settings_files import SettingsFiles
from nexoide.supervisor.sources import Sources
from nexoide.supervisor.status import started, status_of
from nexoide.supervisor.targets import Targets
from nexoide.supervisor.targets.outputs import Outputs
from nexoide.supervisor.watching import Saves
from nexoide.vcs.repository import Repository
from nexoide.workspace import Workspace

ACTOR = "supervisor"
SHOWN_RELOADS = 50
_log = logging.getLogger(__name__)


class Supervisor:
    """Everything of one workspace that is not a screen. Built by `open`, ended by `close`."""

    def __init__(self, workspace: Workspace, settings: Settings, journal: Journal, clock: Clock | None = None) -> None:
        self.workspace, self.settings, self.journal = workspace, settings, journal
        self.clock = clock or SystemClock()
        self.state = State()
        self.stop_requested = asyncio.Event()
        self.tasks, self.recordings = TaskRoot(journal), TaskRoot(journal)
        self.stop_reason = ""
        self._read_state()
        self._crashed = self.state.started is not None and not self.state.stopped
        self.repository = Repository.open(workspace.root)
        self._wire()

    def _read_state(self) -> None:
        while events := self.journal.read(after=self.state.seq, limit=5000):
            for event in events:
                self.state.apply(event)
        self.journal.listen(self._on_event)

    def _wire(self) -> None:
        root, policy = self.workspace.root, self.settings.policy
        self.targets = Targets(
            self.settings.targets,
            self.workspace,
            self._emit_target,
            self.clock,
            take=lambda failure: self.sources.detection.take(failure),
            seen_lately=lambda target: self.sources.detection.seen_lately(target),
            died_of=lambda target, pid: self.sources.detection.died_of(target, pid),
        )
        self.guests = Guests(self.workspace, self.settings.targets, self.targets.publish)
        self.outputs = Outputs(self.targets, self.stop_requested, self.guests.known)
        self.probes = Probes(
            self.workspace,
            authenticate=self.targets.target_of,
            on_failure=lambda *failure: self.sources.failed(*failure),
            on_attach=lambda *attached: self.attachments.attached(*attached),
            on_detach=lambda *detached: self.attachments.detached(*detached),
            on_passes=lambda *passes: self.probation.passed(*passes),
            on_notice=lambda sentence: self._emit(e.Notice(level="warning", text=sentence)),
            introduce=self.guests.introduce,
            on_repeats=lambda *repeated: self.sources.repeated(*repeated),
            on_unknown=lambda *unknown: self.sources.unknown(*unknown),
            on_routes=lambda target, _, message: self.sources.routes.measured(target, message),
        )
        self.reloads = ReloadCoordinator(self.probes)
        self.probation = Probation(
            passes=policy.probation_passes,
            seconds=policy.probation_seconds,
            clock=self.clock,
            append=self._append_watch,
            unwatch=self.reloads.unwatch,
            recurred=lambda *recurrence: self.sources.detection.take_back(*recurrence),
            spawn=self.tasks.spawn,
        )
        self.deployments = Deployments(
            root=root,
            state=self.state,
            journal=self.journal,
            repository=self.repository,
            reloads=self.reloads,
            probation=self.probation,
            clock=self.clock,
            when_of=self._when_of,
        )
        self._wire_saves(root)
        self._wire_healing(root)

    def _wire_saves(self, root: Path) -> None:
        self.explainer = Explainer(root=root, state=self.state, journal=self.journal, coordinator=self.reloads)
        self.saves = Saves(
            root=root,
            targets=self.settings.targets,
            state=self.state,
            journal=self.journal,
            coordinator=self.reloads,
            probes=self.probes,
            clock=self.clock,
            restart=self.targets.restart,
            notice=self._notice,
            spawn=self.tasks.spawn,
            tell=SettingsFiles(root, self.probes).tell,
        )
        self.attachments = Attachments(
            state=self.state, targets=self.targets, guests=self.guests, saves=self.saves, deployments=self.deployments, tasks=self.tasks
        )

    def _wire_healing(self, root: Path) -> None:
        self.sources = Sources(
            workspace=self.workspace,
            settings=self.settings,
            state=self.state,
            clock=self.clock,
            targets=self.targets,
            probes=self.probes,
            probation=self.probation,
            deployments=self.deployments,
            emit=self._emit,
            spawn=self.tasks.spawn,
            keep=self.tasks.keep,
            since=lambda incident: self.incidents.since(incident),
        )
        self.ingest = self.sources.ingest
        self.incidents = Incidents(
            root=root,
            state=self.state,
            journal=self.journal,
            repository=self.repository,
            grouper=self.sources.detection.grouper,
            tasks=self.tasks,
            clock=self.clock,
        )
        self.clinic = Clinic(
            root=root,
            state=self.state,
            journal=self.journal,
            repository=self.repository,
            reloads=self.reloads,
            probes=self.probes,
            targets=self.settings.targets,
            model=self.settings.model,
            python_of=lambda target: self.attachments.python_of(target),
            tasks=self.tasks,
            clock=self.clock,
        )
        self.medic = self.clinic.medic

    async def open(self) -> None:
        """Complete or undo what an earlier supervisor began, then start to listen and start the targets."""
        branch = await asyncio.to_thread(self._branch)
        await self.journal.append(
            started(self, branch),
            *[e.Recovered(subject="journal", outcome=note) for note in self.journal.recovered],
            actor=ACTOR,
        )
        await recovery.recover_disk(state=self.state, journal=self.journal, repository=self.repository, root=self.workspace.root)
        if self.repository is not None:
            await asyncio.to_thread(self.repository.prune_worktrees)
        await asyncio.to_thread(scratch.sweep)
        await self.clinic.open()
        await self.probes.start()
        await self.sources.open()
        self.guests.open(self.state.targets)
        await self.saves.start()
        await self.targets.start_all(self.state.targets, crashed=self._crashed)
        self.clinic.begin()
        self.incidents.start()
        await self._resume_incidents()

    async def _resume_incidents(self) -> None:
        interrupted = [patch.id for patch in self.state.patches.values() if patch.state == "proposed"]
        await self.journal.append(*[e.PatchStale(patch=name, reason="its validation was interrupted; it is made anew") for name in interrupted], actor=ACTOR)
        self.medic.resume()

    def _branch(self) -> str:
        if self.repository is None:
            return ""
        try:
            return self.repository.state().branch
        except NexoideError:
            return ""

    async def close(self, *, leave_targets: bool = False) -> None:
        """End everything in order; targets go on where they are to be left."""
        await (self.targets.detach_all() if leave_targets else self.targets.stop_all())
        await self.sources.close()
        await self.saves.close()
        await self.recordings.drain()
        await self.tasks.close()
        await self.probes.close()
        await self.clinic.close()
        if not self.journal.read_only:
            await self.journal.append(e.SupervisorStopped(reason=self.stop_reason or "asked to"), actor=ACTOR)
        await self.journal.close()

    # What the control plane asks for.

    def status(self) -> StatusAnswer:
        """Return what is true now."""
        return status_of(self)

    async def approve(self, patch_id: str, command: DecideCommand, via: str) -> Decided:
        """Approve a patch; see Deployments.approve."""
        return await self.deployments.approve(patch_id, command, via)

    async def reject(self, patch_id: str, command: DecideCommand, via: str) -> Decided:
        """Reject a patch; see Deployments.reject."""
        return await self.deployments.reject(patch_id, command, via)

    async def revert(self, patch_id: str, command: DecideCommand, via: str) -> Decided:
        """Revert a patch; see Deployments.revert."""
        return await self.deployments.revert(patch_id, command, via)

    async def audit(self) -> AuditAnswer:
        """Verify the whole chain, also against what git remembers of it."""
        anchors = await asyncio.to_thread(git_anchors, self.repository) if self.repository else []
        return await asyncio.to_thread(self.journal.verify, anchors)

    def request_stop(self, reason: str) -> None:
        """End the supervisor soon, and its targets with it; the reason is journaled."""
        self.stop_reason = self.stop_reason or reason
        self.stop_requested.set()

    async def target_action(self, name: str, action: str) -> TargetStatus:
        """Start, stop or restart a target and return how it stands."""
        self.guests.refuse(name, "start, stop or restart it where you started it")
        return await self.targets.action(name, action)

    def target_log(self, name: str, lines: int) -> list[str]:
        """Return the last lines a target printed."""
        self.guests.refuse(name, "it prints where you started it")
        return self.targets.log_tail(name, lines)

    async def explain(self, command: ExplainCommand) -> tuple[Explanation, ...]:
        """Say what a reload would do in every live process; see Explainer.explain."""
        return await self.explainer.explain(command)

    def _on_event(self, event: e.Event) -> None:
        self.state.apply(event)
        self.saves.noticed(event)
        self.incidents.noticed(event)
        self.medic.noticed(event)

    def _when_of(self, target: str) -> When:
        settings = self.settings.targets.get(target)
        return settings.when if settings is not None else "auto"

    async def _notice(self, level: str, sentence: str) -> None:
        await self._append(e.Notice(level=level, text=sentence))

    def _emit(self, body: e.Body) -> None:
        self.recordings.spawn(self._append(body), "Recording an event")

    async def _emit_target(self, status: TargetStatus) -> None:
        await self._append(e.TargetChanged(target=status))

    async def _append(self, body: e.Body) -> None:
        """Record what happened; while the journal cannot be written the programs go on, and where it never will be we end without them."""
        try:
            await self.journal.append(body, actor=ACTOR)
        except NexoideError as error:
            _log.error("not recorded: %s: %s", type(body).__name__, error.sentence)
            if self.journal.read_only:
                self.request_stop(error.sentence)

    async def _append_watch(self, *bodies: e.Body) -> None:
        await self.journal.append(*bodies, actor="probation")
