"""Incidents over the real socket: filters, pages, details, operators' words, and an analysis."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from nexoide.api.routers import incidents
from nexoide.client.commands import Client
from nexoide.client.requests import IncidentFilter
from nexoide.errors import NotFoundError, RefusedError, UsageError
from nexoide.model import event as e
from nexoide.model.commands import IncidentCommand
from nexoide.model.incident import Incident
from tests.unit.api.standin import StandIn, an_incident, running


def http(socket: Path) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(uds=str(socket)), base_url="http://nexoide", trust_env=False)


def many(standin: StandIn, count: int, **more: object) -> None:
    for number in range(2, count + 2):
        standin.state.incidents[f"I-{number}"] = replace(an_incident(), id=f"I-{number}", fingerprint=f"{number}", **more)


async def test_filters_let_through_what_all_of_them_let_through():
    async with running() as (standin, socket):
        known = standin.state.incidents
        known["I-2"] = replace(an_incident(), id="I-2", state="ignored", category="rate limit", targets=("a", "b"), last_at=500.0)
        known["I-3"] = replace(an_incident(), id="I-3", state="resolved", category="rate limit", target="b", last_at=900.0)
        client = Client(socket)

        async def names(**wanted: object) -> list[str]:
            return [found.id for found in await client.incidents(IncidentFilter(**wanted))]  # type: ignore[arg-type]

        assert await names() == ["I-1", "I-2", "I-3"]
        assert await names(states=["ignored", "resolved"]) == ["I-2", "I-3"]
        assert await names(classes=["rate limit"], targets=["b"], since=600.0) == ["I-3"]
        assert await names(targets=["a"]) == ["I-2"]
        assert await names(states=["merged"]) == []
        await client.aclose()


async def test_many_large_incidents_come_in_pages(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(incidents, "PAGE_BYTES", 20_000)
    async with running() as (standin, socket):
        many(standin, 100, message="x" * 500)
        client = Client(socket)
        assert [found.id for found in await client.incidents()] == list(standin.state.incidents)
        async with http(socket) as web:
            first = await web.get("/v1/incidents")
            assert 0 < len(first.json()) < 50
            assert len(first.content) < 21_000
        await client.aclose()


async def test_short_ones_have_what_a_list_shows():
    async with running() as (standin, socket):
        many(standin, 2, note="n", requests=9, sample=replace(an_incident().sample, text="t" * 4000))
        short = (await Client(socket).incidents(IncidentFilter(short=True)))[-1]
        assert (short.id, short.note, short.requests, short.examination) == ("I-3", "n", 9, None)
        assert short.sample.text == ""


async def test_one_that_is_larger_than_a_page_comes_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(incidents, "PAGE_BYTES", 10)
    async with running() as (standin, socket):
        many(standin, 2)
        assert [found.id for found in await Client(socket).incidents()] == ["I-1", "I-2", "I-3"]


async def test_details_hold_patches_rate_and_what_is_like_it():
    async with running() as (standin, socket):
        many(standin, 2)
        standin.state.rate["I-1"] = {100: 3, 101: 4}
        standin.state.incidents["I-3"] = replace(standin.state.incidents["I-3"], state="merged", into="I-1")
        client = Client(socket)
        found = await client.incident("I-1")
        assert found.incident == standin.state.incidents["I-1"]
        assert [patch.id for patch in found.patches] == ["P-1"]
        assert (found.rate, found.merged) == ({100: 3, 101: 4}, ("I-3",))
        assert [one.id for one in found.similar] == ["I-2"]
        with pytest.raises(NotFoundError, match="no incident I-9"):
            await client.incident("I-9")
        await client.aclose()


async def test_an_operators_word_is_journaled_with_who_and_how():
    async with running() as (standin, socket):
        client = Client(socket)
        answer = await client.incident_action("I-1", IncidentCommand(action="ignore", operator="ann", reason="known"))
        assert (answer.incident, answer.state) == ("I-1", "ignored")
        (moved,) = [event for event in standin.journal.read(0) if isinstance(event.body, e.IncidentMoved)]
        assert moved.actor == "operator:ann"
        assert moved.via.startswith("local uid")
        many(standin, 1)
        await client.incident_action("I-2", IncidentCommand(action="merge", operator="ann", into="I-1"))
        assert standin.grouping.told == [("tell", "I-2"), ("tell", "I-1"), ("merge", "I-2", "I-1")]
        with pytest.raises(RefusedError, match="into itself"):
            await client.incident_action("I-1", IncidentCommand(action="merge", operator="ann", into="I-1"))
        with pytest.raises(UsageError, match="split by"):
            await client.incident_action("I-1", IncidentCommand(action="split", operator="ann", by="x"))
        await client.aclose()


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v1/incidents/I-1/explode", {"action": "ignore", "operator": "a"}, 422),
        ("/v1/incidents/I-1/ignore", {"action": "resolve", "operator": "a"}, 400),
        ("/v1/incidents/I-1/ignore", {"action": "ignore"}, 422),
        ("/v1/incidents/I-1/ignore", {"action": "ignore", "operator": "a", "more": 1}, 422),
        ("/v1/incidents/I-9/ignore", {"action": "ignore", "operator": "a"}, 404),
    ],
)
async def test_words_that_make_no_sense_are_refused_in_one_sentence(path: str, body: dict[str, str], status: int):
    async with running() as (standin, socket), http(socket) as web:
        answer = await web.post(path, json=body)
        assert answer.status_code == status
        assert answer.json()["error"].endswith(".")
        assert standin.state.incidents["I-1"].state == "open"


@pytest.mark.parametrize("query", ["since=-1", "since=nan", "since=x", "after=" + "x" * 101, "after=I-99"])
async def test_filters_that_make_no_sense(query: str):
    async with running() as (_, socket), http(socket) as web:
        answer = await web.get(f"/v1/incidents?{query}")
        assert answer.status_code in {400, 422}
        assert answer.json()["kind"] == "UsageError"


async def test_an_analysis():
    async with running() as (standin, socket):
        incident: Incident = an_incident()
        import time

        now = time.time()
        standin.state.incidents.clear()
        await standin.journal.append(e.IncidentOpened(incident=replace(incident, first_at=now, last_at=now, count=7)), actor="test")
        client = Client(socket)
        found = await client.analysis(3600.0)
        assert (found.failures.now, found.incidents[0].id) == (7, "I-1")
        with pytest.raises(UsageError, match="name another one"):
            await client.analysis(1.0)
        await client.aclose()
