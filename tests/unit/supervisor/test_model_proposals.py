"""The second opinion over a real journal: asked once and only where it may help, the better of two patches left to wait, past fixes told."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nexoide.clock import SystemClock
from nexoide.config import ModelSettings
from nexoide.journal.journal import Journal
from nexoide.llm.models import Models
from nexoide.model import event as e
from nexoide.model.incident import Incident
from nexoide.model.patch import FileChange, Patch
from nexoide.model.projection import State
from nexoide.patches.workers import WorkerPool
from nexoide.repair.opinion.model import FUNCTIONS
from nexoide.repair.proposal import Advice, Diagnosis, Proposal
from nexoide.repair.surroundings import Surroundings
from nexoide.supervisor.model_proposals import SecondOpinion
from tests.support.chat_server import Answer, ChatServer, chat_server
from tests.unit.repair.programs import fail

FILES = {"main.py": "import prices\n\nprint(prices.price_of('tea') + 1)\n", "prices.py": "P = {'tea': 3}\n\n\ndef price_of(item):\n    P.get(item)\n"}
RIGHT = "prices.py\n<<<<<<< SEARCH\n    P.get(item)\n=======\n    return P.get(item)\n>>>>>>> REPLACE\nWHY: it returned nothing.\n"


class Room:
    """A second opinion with everything around it."""

    def __init__(self, root: Path, journal: Journal, server: ChatServer) -> None:
        self.root, self.journal, self.server, self.state = root, journal, server, State()
        journal.listen(self.state.apply)
        self.tasks: list[asyncio.Task[Any]] = []
        self.proposed: list[tuple[str, Proposal]] = []
        self.said: list[str] = []
        self.models = Models(ModelSettings(name="x", api_base=server.base, timeout=30))
        self.pool = WorkerPool(FUNCTIONS)
        self.opinion = SecondOpinion(
            root=root,
            state=self.state,
            journal=journal,
            models=self.models,
            pool=self.pool,
            facts=self.facts,
            spawn=self.spawn,
            propose=self.propose,
            say=self.say,
        )

    def spawn(self, work: Coroutine[Any, Any, Any], name: str) -> None:
        self.tasks.append(asyncio.create_task(work, name=name))

    async def facts(self, target: str) -> Surroundings:
        return Surroundings(python="3.11.7")

    async def propose(self, incident: Incident, proposal: Proposal) -> None:
        self.proposed.append((incident.id, proposal))

    async def say(self, incident: str, step: str, text: str) -> None:
        self.said.append(text)

    async def done(self) -> None:
        await asyncio.gather(*self.tasks)

    async def opened(self, name: str, root: Path) -> Incident:
        sample = fail(root, FILES)
        raised = sample.exceptions[0]
        incident = Incident(
            id=name,
            fingerprint=name,
            target="t",
            error_class=raised.type,
            message=raised.message,
            file="main.py",
            line=3,
            function="<module>",
            first_at=1.0,
            last_at=1.0,
            count=1,
            sample=sample,
        )
        await self.journal.append(e.IncidentOpened(incident=incident), actor="t")
        return self.state.incidents[name]

    async def patched(self, name: str, incident: str, rule: str, proposal: Proposal, confidence: float) -> Patch:
        files, blobs = [], list[bytes]()
        for path, (base, new) in proposal.files.items():
            blobs += [base, new]
            files.append(FileChange(path=path, base_sha256=hashlib.sha256(base).hexdigest(), new_sha256=hashlib.sha256(new).hexdigest()))
        patch = Patch(
            id=name,
            incident=incident,
            target="t",
            title=proposal.title,
            rationale="",
            rule=rule,
            author="medic",
            base_commit="",
            files=tuple(files),
            proposed_at=1.0,
        )
        await self.journal.append(e.PatchProposed(patch=patch), actor="medic", blobs=blobs)
        await self.journal.append(judgement(name, confidence), actor="medic")
        return self.state.patches[name]


def judgement(name: str, confidence: float, verdict: str = "review") -> e.PatchJudged:
    return e.PatchJudged(patch=name, confidence=confidence, verdict=verdict, digest="d", reason="it fails again" if verdict == "reject" else "")  # type: ignore[arg-type]


def weak(root: Path) -> Proposal:
    base = (root / "prices.py").read_bytes()
    return Proposal(rule="guess", title="a weak guard", rationale="", files={"prices.py": (base, base + b"\n\nP = {}\n")}, prior=0.4)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    journal = Journal.open(tmp_path / "journal.db", clock=SystemClock())
    (tmp_path / "shop").mkdir()
    with chat_server(Answer(text=RIGHT)) as server:
        found = Room(tmp_path / "shop", journal, server)
        yield found
        await found.models.close()
        await found.pool.close()
    await journal.close()


async def test_an_unanswered_incident_is_asked_about_once(room: Room) -> None:
    incident = await room.opened("I-1", room.root)
    room.opinion.unanswered(incident, Diagnosis(reason="no rule"))
    room.opinion.unanswered(incident, Diagnosis(reason="no rule"))
    await room.done()
    assert len(room.server.asked) == 1
    ((name, proposal),) = room.proposed
    assert (name, proposal.rule) == ("I-1", "model")
    assert "the model says: “it returned nothing.”" in room.said


async def test_it_is_not_asked_where_no_patch_is_right_or_one_is_sure(room: Room) -> None:
    incident = await room.opened("I-1", room.root)
    final = Advice(rule="credentials", title="the key is missing", text="set it")
    room.opinion.unanswered(incident, Diagnosis(reason="", advice=(final,)))
    proposal = weak(room.root)
    patch = await room.patched("P-1", "I-1", "guess", proposal, 0.9)
    room.opinion.judged(patch, proposal, [], "b", judgement("P-1", 0.9))
    room.opinion.judged(patch, proposal, [proposal], "b", judgement("P-1", 0.05, "reject"))  # others are left to be tried
    room.opinion.unanswered(replace(incident, file=""), Diagnosis(reason="no frame"))
    await room.done()
    assert room.server.asked == []


async def test_a_weak_patch_is_told_and_becomes_a_rival(room: Room) -> None:
    await room.opened("I-1", room.root)
    proposal = weak(room.root)
    patch = await room.patched("P-1", "I-1", "guess", proposal, 0.6)
    room.opinion.judged(patch, proposal, [], "behaves", judgement("P-1", 0.6))
    await room.done()
    assert "a weak guard" in room.server.question()
    made = room.proposed[0][1]
    assert [(item.prior, item.behaviour) for item in room.opinion.rivals(patch, made)] == [(0.4, "behaves")]
    assert room.opinion.rivals(patch, proposal) == []


async def test_the_same_change_is_not_proposed_again(room: Room) -> None:
    await room.opened("I-1", room.root)
    base = (room.root / "prices.py").read_bytes()
    proposal = replace(weak(room.root), files={"prices.py": (base, base.replace(b"    P.get", b"    return P.get"))})
    patch = await room.patched("P-1", "I-1", "returns", proposal, 0.6)
    room.opinion.judged(patch, proposal, [], "", judgement("P-1", 0.6))
    await room.done()
    assert room.proposed == []
    assert room.said[-1] == "the model proposes what P-1 does"


@pytest.mark.parametrize(("confidence", "left", "gone"), [(0.8, "P-2", "P-1"), (0.5, "P-1", "P-2"), (0.6, "P-1", "P-2")])
async def test_of_two_that_wait_the_better_one_is_left(room: Room, confidence: float, left: str, gone: str) -> None:
    await room.opened("I-1", room.root)
    await room.patched("P-1", "I-1", "guess", weak(room.root), 0.6)
    made = replace(weak(room.root), rule="model", nature="model")
    patch = await room.patched("P-2", "I-1", "model", made, confidence)
    room.opinion.judged(patch, made, [], "", judgement("P-2", confidence))
    await room.done()
    assert room.state.patches[left].state == "waiting"
    assert room.state.patches[gone].state == "stale"
    assert room.state.patches[gone].reason.startswith(f"{left} holds better: confidence ")


async def test_what_an_operator_decided_meanwhile_stands(room: Room) -> None:
    await room.opened("I-1", room.root)
    await room.patched("P-1", "I-1", "guess", weak(room.root), 0.6)
    made = replace(weak(room.root), rule="model")
    patch = await room.patched("P-2", "I-1", "model", made, 0.8)
    room.state.patches["P-1"] = replace(room.state.patches["P-1"], state="approved")
    room.opinion.judged(patch, made, [], "", judgement("P-2", 0.8))
    await room.done()
    assert [room.state.patches[name].state for name in ("P-1", "P-2")] == ["approved", "waiting"]


async def test_how_one_like_it_was_repaired_is_told(room: Room) -> None:
    await room.opened("I-0", room.root)
    patch = await room.patched("P-0", "I-0", "guess", replace(weak(room.root), files={"a.py": (b"old = 1\n", b"new = 1\n")}), 0.9)
    room.state.patches["P-0"] = replace(patch, state="live")
    incident = await room.opened("I-1", room.root)
    room.opinion.unanswered(incident, Diagnosis(reason="no rule"))
    await room.done()
    assert "-old = 1\n+new = 1" in room.server.question()
