"""What is true now, in one answer."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from nexoide import __version__
from nexoide.model import event as e
from nexoide.model.commands import StatusAnswer
from nexoide.supervisor.incident_details import within

if TYPE_CHECKING:
    from nexoide.supervisor.app import Supervisor

SHOWN_RELOADS = 50


def status_of(supervisor: Supervisor) -> StatusAnswer:
    """Return how a supervisor, its targets, incidents, patches and sources stand."""
    seq, head = supervisor.journal.head
    return StatusAnswer(
        version=__version__,
        pid=os.getpid(),
        socket=str(supervisor.workspace.socket),
        workspace=str(supervisor.workspace.root),
        policy=supervisor.settings.policy.mode,
        targets=tuple(supervisor.state.targets.values()),
        incidents=within(supervisor.state.incidents.values()),
        patches=tuple(supervisor.state.patches.values()),
        reloads=tuple(supervisor.state.reloads.values())[-SHOWN_RELOADS:],
        events=seq,
        head=head,
        sentry_dsn=supervisor.ingest.dsn,
        errors_url=supervisor.ingest.errors_url,
        sources=supervisor.sources.statuses(),
        routes=supervisor.sources.routes.known(supervisor.state.routes),
    )


def started(supervisor: Supervisor, branch: str) -> e.SupervisorStarted:
    """Return the event that opens a supervisor's share of the journal."""
    return e.SupervisorStarted(
        pid=os.getpid(),
        version=__version__,
        workspace=str(supervisor.workspace.root),
        project=supervisor.settings.name or supervisor.workspace.root.name,
        branch=branch,
        policy=supervisor.settings.policy.mode,
        has_git=supervisor.repository is not None,
    )
