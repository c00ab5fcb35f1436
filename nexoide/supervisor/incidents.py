"""Everything about incidents once they are counted: what git knows of them, what operators say of them, what is like them, patterns."""

from __future__ import annotations

from pathlib import Path

from nexoide.clock import Clock
from nexoide.journal.journal import Journal
from nexoide.model import event as e
from nexoide.model.analysis import Analysis
from nexoide.model.commands import IncidentAnswer, IncidentCommand
from nexoide.model.details import IncidentDetails
from nexoide.model.examination import CommitRef
from nexoide.model.incident import Incident
from nexoide.model.projection import State
from nexoide.supervisor.analysing import Analyst
from nexoide.supervisor.boundary import TaskRoot
from nexoide.supervisor.examining import Examiner
from nexoide.supervisor.incident_desk import Grouping, IncidentDesk
from nexoide.supervisor.incident_details import DetailsDesk
from nexoide.vcs.repository import Repository


class Incidents:
    """The one place that is asked about incidents; each question is answered by its own room."""

    def __init__(self, *, root: Path, state: State, journal: Journal, repository: Repository | None, grouper: Grouping, tasks: TaskRoot, clock: Clock) -> None:
        self._tasks = tasks
        self._examiner = Examiner(root=root, state=state, journal=journal, repository=repository, tasks=tasks)
        self._desk = IncidentDesk(state=state, journal=journal, grouper=grouper, head=self._examiner.head, since=self._examiner.since)
        self._details = DetailsDesk(state)
        self._analyst = Analyst(state=state, journal=journal, clock=clock)

    def start(self) -> None:
        """Begin to examine, with what an earlier supervisor did not come to."""
        self._tasks.spawn(self._examiner.run(), "The examiner")
        self._examiner.resume()

    def noticed(self, event: e.Event) -> None:
        """Take an event that was folded: what opened or came back is examined."""
        body = event.body
        if isinstance(body, e.IncidentOpened) and body.incident.state == "open":
            self._examiner.look_at(body.incident.id)
        elif isinstance(body, e.IncidentMoved) and body.state == "open":
            self._examiner.moved(body.incident)

    async def act(self, incident_id: str, command: IncidentCommand, via: str) -> IncidentAnswer:
        """Do what an operator says of an incident; see IncidentDesk.act."""
        return await self._desk.act(incident_id, command, via)

    async def details(self, incident_id: str) -> IncidentDetails:
        """Return an incident with what belongs to it; raises NotFoundError."""
        return await self._details.details(incident_id)

    async def analyse(self, seconds: float) -> Analysis:
        """Return what the journal says of the last seconds; raises UsageError for a span that makes no sense."""
        return await self._analyst.analyse(seconds)

    async def since(self, incident: Incident) -> tuple[CommitRef, ...]:
        """Return what was committed since an incident was resolved."""
        return await self._examiner.since(incident)

    def head(self) -> str:
        """Return the commit that is checked out, "" where there is none; may start git."""
        return self._examiner.head()
