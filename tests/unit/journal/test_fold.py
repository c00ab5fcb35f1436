from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nexoide.journal import Journal
from nexoide.model import event as e
from nexoide.model.codec import decode_event
from nexoide.model.failure import Failure, Frame, Raised, ValueView
from nexoide.model.incident import Incident
from nexoide.model.patch import FileChange
from nexoide.model.projection import State
from nexoide.model.target import TargetStatus, Thought

from .samples import SetClock, decision, intent

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
TIMES = st.floats(0, 1e10, allow_nan=False)
IDS = st.sampled_from(["I-1", "I-2", "P-1", "D-1"])
VIEWS = st.builds(ValueView, type=TEXT, repr=TEXT, attributes=st.lists(TEXT, max_size=3).map(tuple))
FRAMES = st.builds(Frame, file=TEXT, line=st.integers(0, 99), function=TEXT, source=TEXT, locals=st.dictionaries(TEXT, VIEWS, max_size=2))
RAISED = st.builds(Raised, type=TEXT, message=TEXT, name=st.none() | TEXT, frames=st.lists(FRAMES, max_size=2).map(tuple))
FAILURES = st.builds(Failure, target=TEXT, pid=st.integers(1, 99999), source=st.just("main"), at=TIMES, exceptions=st.lists(RAISED, max_size=2).map(tuple))
INCIDENTS = st.builds(
    Incident,
    id=IDS,
    fingerprint=TEXT,
    target=TEXT,
    error_class=TEXT,
    message=TEXT,
    file=TEXT,
    line=st.integers(0, 9),
    function=TEXT,
    first_at=TIMES,
    last_at=TIMES,
    count=st.integers(1, 9),
    sample=FAILURES,
)
BODIES = st.one_of(
    st.builds(e.Notice, level=st.just("info"), text=TEXT),
    st.builds(e.IncidentOpened, incident=INCIDENTS),
    st.builds(e.IncidentOccurred, incident=IDS, count=st.integers(1, 99), added=st.integers(1, 9), at=TIMES, latest=st.none() | FAILURES),
    st.builds(e.IncidentMoved, incident=IDS, state=st.sampled_from(["open", "probation", "resolved"]), note=TEXT),
    st.builds(e.TargetChanged, target=st.builds(TargetStatus, name=TEXT, command=st.lists(TEXT, max_size=2).map(tuple))),
    st.builds(e.ThoughtSpoken, thought=st.builds(Thought, agent=TEXT, step=st.just("think"), text=TEXT)),
    st.builds(e.PatchExtended, patch=IDS, file=st.builds(FileChange, path=TEXT, base_sha256=st.just(""), new_sha256=st.just("0" * 64))),
    st.builds(e.PatchStage, patch=IDS, stage=st.just("tested"), status=st.just("passed"), detail=TEXT),
    st.builds(e.DeploymentCommitted, deployment=IDS),
    st.builds(e.DeploymentNotLive, deployment=IDS, note=TEXT),
    st.just(intent()),
    st.just(decision()),
)


def fold(events: list[e.Event]) -> State:
    state = State()
    for event in events:
        state.apply(event)
    return state


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(BODIES, min_size=1, max_size=3), max_size=6))
def test_the_fold_of_what_is_read_is_the_fold_of_what_was_appended(groups: list[list[e.Body]]) -> None:
    async def story(path: Path) -> None:
        journal = Journal.open(path, clock=SetClock())
        live = State()
        journal.listen(live.apply)
        appended: list[e.Event] = []
        for group in groups:
            appended += await journal.append(*group, actor="x")
        await journal.close()
        again = Journal.open(path, clock=SetClock())
        try:
            assert not again.read_only
            assert [event.body for event in appended] == [body for group in groups for body in group]
            assert fold(again.read()) == fold(appended) == live
            assert fold([decode_event(raw) for _, raw in again.read_raw()]) == live
            assert again.verify().ok
        finally:
            await again.close()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(story(Path(folder) / "journal.db"))
