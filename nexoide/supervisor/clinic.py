"""The parts that repair, wired together: workers that read source, sandboxes that try patches, and the medic between them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from nexoide.clock import Clock
from nexoide.config import ModelSettings, TargetSettings
from nexoide.journal.journal import Journal
from nexoide.llm.ledger import Ledger
from nexoide.llm.models import Models
from nexoide.model.projection import State
from nexoide.patches.workers import WorkerPool
from nexoide.reload.coordinator import ReloadCoordinator
from nexoide.repair.opinion.model import FUNCTIONS
from nexoide.repair.service import ENGINE, PREPARE, Repairer
from nexoide.repair.validation import Workshop
from nexoide.supervisor.boundary import TaskRoot
from nexoide.supervisor.facts import Facts
from nexoide.supervisor.healing import WORKERS, Medic
from nexoide.supervisor.model_proposals import SecondOpinion
from nexoide.supervisor.probe_asks import Asking
from nexoide.supervisor.replaying import Replayer
from nexoide.supervisor.validation import Validator
from nexoide.vcs.repository import Repository
from nexoide.workspace import Workspace


class Clinic:
    """Everything from an incident to a patch that waits; `python_of` names the interpreter of a target."""

    def __init__(
        self,
        *,
        root: Path,
        state: State,
        journal: Journal,
        repository: Repository | None,
        reloads: ReloadCoordinator,
        probes: Asking,
        targets: dict[str, TargetSettings],
        model: ModelSettings,
        python_of: Callable[[str], str],
        tasks: TaskRoot,
        clock: Clock,
    ) -> None:
        self.workers = WorkerPool([ENGINE, PREPARE, *FUNCTIONS], size=WORKERS)
        self.models = Models(model, ledger=Ledger(Workspace(root).state / "models.jsonl", clock=clock))
        self.workshop = Workshop()
        self._tasks = tasks
        validator = Validator(root=root, state=state, journal=journal, reloads=reloads, workshop=self.workshop, targets=targets, python_of=python_of)
        facts = Facts(targets=targets, python_of=python_of)
        self.medic = Medic(
            root=root,
            state=state,
            journal=journal,
            repository=repository,
            repairer=Repairer(self.workers),
            tasks=tasks,
            validator=validator,
            replayer=Replayer(root, probes),
            facts=facts,
            clock=clock,
        )
        self.medic.second = SecondOpinion(
            root=root,
            state=state,
            journal=journal,
            models=self.models,
            pool=self.workers,
            facts=facts.of,
            spawn=tasks.spawn,
            propose=lambda incident, proposal: self.medic.propose(incident, proposal, []),
            say=self.medic.say,
        )

    async def open(self) -> None:
        """Start the workers; the medic begins with `begin`."""
        await self.workers.start()

    def begin(self) -> None:
        """Let the medic work from now on."""
        self._tasks.spawn(self.medic.run(), "The medic")

    async def close(self) -> None:
        """End the workers, every sandbox and the process that talks to models."""
        await self.models.close()
        await self.workers.close()
        await self.workshop.close()
