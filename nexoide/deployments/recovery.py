"""After a restart: every deployment that was begun is completed or undone, exactly once, from its journaled intent."""

from __future__ import annotations

import asyncio
from pathlib import Path

from nexoide.deployments import effects
from nexoide.deployments.service import ACTOR, Deployments
from nexoide.errors import NexoideError
from nexoide.journal.journal import Journal
from nexoide.model import event as e
from nexoide.model.deployment import Deployment
from nexoide.model.projection import State
from nexoide.vcs.repository import Repository


async def recover_disk(*, state: State, journal: Journal, repository: Repository | None, root: Path) -> None:
    """Complete (or undo, where the branch or a file moved on) what was decided but not yet committed and written."""
    for deployment in [item for item in state.deployments.values() if item.state == "started"]:
        try:
            if repository is not None and deployment.plan.ref and repository.published(deployment.plan) == "moved":
                raise _moved(deployment)
            await asyncio.to_thread(effects.apply, deployment.plan, root, repository, journal)
        except NexoideError as error:
            note = f"undone after a restart: {error.sentence}"
            await journal.append(e.DeploymentFailed(deployment=deployment.id, note=note), e.Recovered(subject=deployment.id, outcome=note), actor=ACTOR)
            continue
        outcome = f"{deployment.patch}: the {deployment.action} that was decided by {deployment.operator} was completed after a restart"
        await journal.append(e.DeploymentCommitted(deployment=deployment.id), e.Recovered(subject=deployment.id, outcome=outcome), actor=ACTOR)


def _moved(deployment: Deployment) -> NexoideError:
    return NexoideError(f"{deployment.plan.ref} moved while no supervisor ran, so {deployment.patch} was not applied on top of it.")


def unfinished(state: State, target: str) -> list[Deployment]:
    """Return the deployments of a target that are on disk and still have to be observed in the running program."""
    latest = {patch.deployment for patch in state.patches.values()}
    return [item for item in state.deployments.values() if item.target == target and item.state in {"committed", "not_live"} and item.id in latest]


async def reattach(deployments: Deployments, state: State, target: str) -> None:
    """Bring a target that has just attached up to what is on disk: finish reloads, and go on watching what is on probation."""
    for deployment in unfinished(state, target):
        await deployments.bring_live(deployment)
    for deployment in [item for item in state.deployments.values() if item.target == target and item.state == "live"]:
        incident = state.incidents.get(deployment.incident)
        patch = state.patches.get(deployment.patch)
        if incident and patch and incident.state == "probation" and patch.deployment == deployment.id:
            await deployments.watch_again(deployment)
