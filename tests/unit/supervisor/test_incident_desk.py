"""Operators' words on incidents, with the real journal, the real fold and the real grouping: what is said, what counts, what is refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from nexoide.clock import SystemClock
from nexoide.errors import ConflictError, NexoideError, NotFoundError, RefusedError, UsageError
from nexoide.incidents.grouping import Grouper
from nexoide.journal.journal import Journal
from nexoide.model import event as e
from nexoide.model.commands import IncidentAnswer, IncidentCommand
from nexoide.model.examination import CommitRef
from nexoide.model.failure import Failure, Frame, Raised
from nexoide.model.incident import Incident
from nexoide.model.patch import FileChange, Patch
from nexoide.model.projection import State
from nexoide.supervisor.incident_desk import IncidentDesk

COMMIT = CommitRef(id="c" * 40, author="Ada", at=1.0, subject="a change")


@dataclass
class Desk:
    """A desk over a journal, with what counts failures."""

    state: State
    journal: Journal
    grouper: Grouper
    desk: IncidentDesk
    root: Path

    async def fail(self, kind: str, count: int = 1, *, route: str = "", target: str = "app", message: str = "m") -> str:
        """Count a failure in the function `kind` and wait until it is in the journal."""
        frame = Frame(file=str(self.root / f"{kind}.py"), line=1, function=kind, source=f"{kind}()")
        failure = Failure(target=target, pid=1, source="main", at=1.0, exceptions=(Raised(type="E", message=message, frames=(frame,)),), route=route)
        name, _ = self.grouper.feed(failure, count)
        self.grouper.flush()
        await self.settle()
        return name

    async def settle(self) -> None:
        """Wait until what was emitted is journaled."""
        await asyncio.create_task(self.journal.append(e.Notice(level="info", text="settled"), actor="test"))

    async def say(self, incident: str, action: str, *, into: str = "", by: str = "", reason: str = "", operator: str = "ada") -> IncidentAnswer:
        return await self.desk.act(incident, IncidentCommand(action=action, operator=operator, reason=reason, into=into, by=by), "test")  # type: ignore[arg-type]

    def count(self, incident: str) -> int:
        return self.state.incidents[incident].count

    def events(self, kind: type) -> list[e.Event]:
        return [event for event in self.journal.read(0, 10_000) if isinstance(event.body, kind)]


@asynccontextmanager
async def desk_at(root: Path) -> AsyncIterator[Desk]:
    journal = Journal.open(root / "journal.db", clock=SystemClock())
    state = State()
    for event in journal.read(0, 10_000):
        state.apply(event)
    journal.listen(state.apply)
    loop, tasks, numbers = asyncio.get_running_loop(), set(), iter(range(len(state.incidents) + 1, 1000))

    def emit(body: e.Body) -> None:
        tasks.add(loop.create_task(journal.append(body, actor="supervisor")))

    async def since(incident: Incident) -> tuple[CommitRef, ...]:
        return (COMMIT,)

    grouper = Grouper(root, lambda: f"I-{next(numbers)}", emit, loop)
    grouper.restore(state)
    desk = IncidentDesk(state=state, journal=journal, grouper=grouper, head=lambda: "a" * 40, since=since)
    try:
        yield Desk(state, journal, grouper, desk, root)
    finally:
        grouper.close()
        await asyncio.gather(*tasks)
        await journal.close()


def patch(name: str, incident: str, state: str = "proposed") -> Patch:
    change = FileChange(path="a.py", base_sha256="0" * 64, new_sha256="1" * 64)
    return Patch(
        id=name,
        incident=incident,
        target="app",
        title="t",
        rationale="r",
        rule="x",
        author="medic",
        base_commit="",
        files=(change,),
        proposed_at=1.0,
        state=state,  # type: ignore[arg-type]
    )


async def test_ignored_resolved_and_open_again(tmp_path: Path):
    async with desk_at(tmp_path) as desk:
        name = await desk.fail("price")
        answer = await desk.say(name, "ignore", reason="known  since\nMay")
        assert (answer.state, desk.state.incidents[name].state) == ("ignored", "ignored")
        assert desk.state.incidents[name].note == "ignored by ada: known since May"
        (moved,) = desk.events(e.IncidentMoved)
        assert (moved.actor, moved.via) == ("operator:ada", "test")
        await desk.fail("price", 4)
        assert (desk.count(name), desk.state.incidents[name].state) == (5, "ignored")
        await desk.say(name, "resolve")
        assert desk.state.incidents[name].resolved_commit == "a" * 40
        await desk.say(name, "reopen")
        found = desk.state.incidents[name]
        assert (found.state, found.since) == ("open", (COMMIT,))


@pytest.mark.parametrize(("action", "state"), [("ignore", "ignored"), ("resolve", "resolved"), ("reopen", "open")])
async def test_said_twice_it_is_done_once(tmp_path: Path, action: str, state: str):
    async with desk_at(tmp_path) as desk:
        name = await desk.fail("price")
        await desk.say(name, action)
        before = len(desk.events(e.IncidentMoved))
        answer = await desk.say(name, action)
        assert answer.state == state
        assert "already" in answer.sentence
        assert len(desk.events(e.IncidentMoved)) == before


async def test_merged_they_count_together_exactly_and_parted_each_for_itself(tmp_path: Path):
    async with desk_at(tmp_path) as desk:
        one, other = await desk.fail("price", 3, route="GET /a"), await desk.fail("cost", 4, route="GET /b")
        desk.grouper.feed(desk.state.incidents[other].sample, 5)  # counted, and not told yet
        answer = await desk.say(other, "merge", into=one)
        assert (answer.state, desk.count(one)) == ("merged", 12)
        assert answer.sentence == f"{other} is counted with {one} from now on, 12 failures together."
        assert await desk.fail("cost", 8) == one
        assert (desk.count(one), desk.count(other)) == (20, 9)
        assert desk.state.incidents[one].routes == {"GET /a": 3, "GET /b": 9}
        assert (await desk.say(other, "merge", into=one)).sentence == f"{other} is counted with {one} already."
        assert len(desk.events(e.IncidentMerged)) == 1
        parted = await desk.say(one, "split")
        assert parted.sentence == f"{other} is on its own again."
        assert desk.count(one) == 11
        assert await desk.fail("cost") == other
        assert desk.count(other) == 10


async def test_a_merge_holds_after_a_restart(tmp_path: Path):
    async with desk_at(tmp_path) as desk:
        one, other = await desk.fail("price"), await desk.fail("cost")
        await desk.say(other, "merge", into=one)
    async with desk_at(tmp_path) as desk:
        assert await desk.fail("cost") == one
        assert desk.count(one) == 3


async def test_a_merge_follows_earlier_merges_to_their_end(tmp_path: Path):
    async with desk_at(tmp_path) as desk:
        first, second, third = await desk.fail("a"), await desk.fail("b"), await desk.fail("c")
        await desk.say(second, "merge", into=first)
        await desk.say(third, "merge", into=second)
        assert (desk.state.incidents[third].into, desk.count(first)) == (first, 3)
        with pytest.raises(RefusedError, match=f"into itself, into which {second} was merged"):
            await desk.say(first, "merge", into=second)
        with pytest.raises(RefusedError, match="into itself: name another"):
            await desk.say(first, "merge", into=first)


@pytest.mark.parametrize("action", ["ignore", "resolve", "reopen", "split"])
async def test_of_a_merged_one_nothing_is_said_but_where_it_went(tmp_path: Path, action: str):
    async with desk_at(tmp_path) as desk:
        one, other = await desk.fail("a"), await desk.fail("b")
        await desk.say(other, "merge", into=one)
        with pytest.raises(ConflictError, match=f"{other} was merged into {one}: say it of {one}"):
            await desk.say(other, action)


async def test_an_open_one_merged_into_a_resolved_one_brings_it_back(tmp_path: Path):
    async with desk_at(tmp_path) as desk:
        one, other = await desk.fail("a"), await desk.fail("b")
        await desk.say(one, "resolve")
        await desk.say(other, "merge", into=one)
        assert desk.state.incidents[one].state == "open"


async def test_split_by_what_sets_its_failures_apart(tmp_path: Path):
    async with desk_at(tmp_path) as desk:
        name = await desk.fail("price", route="GET /a")
        with pytest.raises(RefusedError, match="came from the route GET /a"):
            await desk.say(name, "split", by="route")
        assert await desk.fail("price", route="GET /b") == name
        assert "split by route" in (await desk.say(name, "split", by="route")).sentence
        assert await desk.fail("price", route="GET /a") == name
        assert await desk.fail("price", route="GET /b") != name
        assert "already" in (await desk.say(name, "split", by="route")).sentence
        with pytest.raises(RefusedError, match="came from the target app"):
            await desk.say(name, "split", by="target")
        with pytest.raises(UsageError, match="not by 'colour'"):
            await desk.say(name, "split", by="colour")
        with pytest.raises(RefusedError, match="Nothing was merged into"):
            await desk.say(name, "split")


@pytest.mark.parametrize("action", ["ignore", "resolve", "merge"])
async def test_patches_that_wait_end_with_it_and_say_why(tmp_path: Path, action: str):
    async with desk_at(tmp_path) as desk:
        one, name = await desk.fail("a"), await desk.fail("b")
        await desk.journal.append(e.PatchProposed(patch=patch("P-1", name)), actor="medic")
        await desk.journal.append(
            e.PatchProposed(patch=patch("P-2", name)), e.PatchJudged(patch="P-2", confidence=0.9, verdict="review", digest="d"), actor="m"
        )
        answer = await desk.say(name, action, into=one if action == "merge" else "")
        assert "P-1, P-2 became stale" in answer.sentence
        assert {found.state for found in desk.state.patches.values()} == {"stale"}
        assert name in desk.state.patches["P-2"].reason
        await desk.journal.append(e.PatchJudged(patch="P-1", confidence=0.9, verdict="review", digest="d"), actor="medic")
        assert desk.state.patches["P-1"].state == "stale"  # its validation was under way


@pytest.mark.parametrize("action", ["ignore", "resolve", "reopen", "merge"])
async def test_nothing_is_decided_of_one_on_probation(tmp_path: Path, action: str):
    async with desk_at(tmp_path) as desk:
        one, name = await desk.fail("a"), await desk.fail("b")
        await desk.journal.append(e.PatchProposed(patch=patch("P-1", name, "live")), e.IncidentMoved(incident=name, state="probation", note=""), actor="x")
        with pytest.raises(RefusedError, match=r"on probation: wait until traffic has proved P-1"):
            await desk.say(name, action, into=one if action == "merge" else "")


async def test_one_whose_patch_is_being_deployed_is_not_merged(tmp_path: Path):
    async with desk_at(tmp_path) as desk:
        one, name = await desk.fail("a"), await desk.fail("b")
        await desk.journal.append(e.PatchProposed(patch=patch("P-1", name, "approved")), actor="x")
        with pytest.raises(RefusedError, match="being deployed"):
            await desk.say(name, "merge", into=one)


@pytest.mark.parametrize(
    ("incident", "action", "options", "kind", "words"),
    [
        ("I-9", "ignore", {}, NotFoundError, "no incident I-9"),
        ("I-1", "merge", {}, UsageError, "into which incident"),
        ("I-1", "merge", {"into": "I-9"}, NotFoundError, "no incident I-9"),
        ("I-1", "ignore", {"operator": "  "}, UsageError, "operator"),
        ("I-1", "ignore", {"operator": "a\x1b[2J"}, UsageError, "operator"),
        ("I-1", "ignore", {"reason": "x" * 5000}, UsageError, "5000 characters"),
    ],
)
async def test_refusals_are_one_sentence_and_change_nothing(tmp_path: Path, incident: str, action: str, options: dict[str, str], kind: type, words: str):
    async with desk_at(tmp_path) as desk:
        await desk.fail("a")
        before = desk.journal.count
        with pytest.raises(NexoideError, match=words) as caught:
            await desk.say(incident, action, **options)
        assert type(caught.value) is kind
        assert caught.value.sentence.endswith(".")
        assert desk.journal.count == before


async def test_two_operators_at_once_are_heard_one_after_the_other(tmp_path: Path):
    async with desk_at(tmp_path) as desk:
        one, other = await desk.fail("a"), await desk.fail("b")
        answers = await asyncio.gather(desk.say(one, "merge", into=other), desk.say(other, "merge", into=one), return_exceptions=True)
        assert sum(isinstance(answer, IncidentAnswer) for answer in answers) == 1
        assert len(desk.events(e.IncidentMerged)) == 1
