"""After a restart: every deployment that was begun is completed or undone, exactly once, from its journaled intent."""

from __future__ import annotations

import asyncio
from pathlib import Path

from nexoide.deployments import effects
from nexoide.errors import NexoideError
from nexoide.journal.journal import Journal
from nexoide.model import event as e
from nexoide.model.deployment import Deployment
from nexoide.model.projection import State
from nexoide.vcs.repository import Repository

ACTOR = "deployments"


async def recover_disk(*, state: State, journal: Journal, repository: Repository | None, root: Path) -> None:
    """Complete (or undo, where the branch or a file moved on) what was decided but not yet committed and written."""
    for deployment in [item for item in state.deployments.values() if item.state == "started"]:
        try:
            await asyncio.to_thread(_complete, deployment, root, repository, journal)
        except NexoideError as error:
            note = f"it was not completed after a restart: {error.sentence}"
            await journal.append(e.DeploymentFailed(deployment=deployment.id, note=note), e.Recovered(subject=deployment.id, outcome=note), actor=ACTOR)
            continue
        outcome = f"{deployment.patch}: the {deployment.action} that was decided by {deployment.operator} was completed after a restart"
        await journal.append(e.DeploymentCommitted(deployment=deployment.id), e.Recovered(subject=deployment.id, outcome=outcome), actor=ACTOR)


def _complete(deployment: Deployment, root: Path, repository: Repository | None, journal: Journal) -> None:
    plan = deployment.plan
    edited = [file.path for file in plan.files if effects.file_state(root, file) == "other"]
    moved = repository is not None and bool(plan.ref) and repository.published(plan) == "moved"
    if not edited and not moved:
        effects.apply(plan, root, repository, journal)
        return
    why = f"{plan.ref} moved" if moved else f"{', '.join(edited)} was edited"
    left = effects.undo(plan, root, repository, journal)
    rest = f"left as it is: {'; '.join(left)}" if left else "what had been begun was put back"
    raise NexoideError(f"{why} while no supervisor ran, so {deployment.patch} was not applied on top of it; {rest}.")


def unfinished(state: State, root: Path, target: str) -> list[Deployment]:
    """Return the deployments of a target that are on disk, still as deployed, and not yet observed in the running program."""
    latest = {item.patch: item for item in state.deployments.values() if item.state != "failed"}
    candidates = [item for item in latest.values() if item.target == target and item.state in {"committed", "not_live"}]
    return [item for item in candidates if all(effects.file_state(root, file) == "after" for file in item.plan.files)]


def on_probation(state: State, target: str) -> list[Deployment]:
    """Return the live deployments of a target whose incidents are on probation."""
    found = []
    for patch in state.patches.values():
        deployment, incident = state.deployments.get(patch.deployment), state.incidents.get(patch.incident)
        if patch.state == "live" and deployment is not None and deployment.target == target and incident is not None and incident.state == "probation":
            found.append(deployment)
    return found
