"""Routes, answers and refusals of the control plane, over its real socket."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from nexoide.api.answers import BODY_LIMIT
from nexoide.api.app import create_app
from nexoide.errors import CorruptJournalError
from nexoide.model import codec
from nexoide.model.commands import DecideCommand, StatusAnswer
from nexoide.model.incident import Incident
from tests.unit.api.standin import fill, running


def http(socket: Path) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(uds=str(socket)), base_url="http://nexoide", trust_env=False)


BODY = {"digest": "d" * 64, "operator": "ann"}


async def test_everything_that_can_be_read_is_the_models_own_json():
    async with running() as (standin, socket), http(socket) as web:
        await fill(standin.journal, 3)
        stored = await standin.journal.append(actor="test", blobs=[b"content"])
        assert stored == ()
        status = await web.get("/v1/status")
        assert codec.decode(status.content, StatusAnswer) == standin.status()
        assert status.headers["content-type"] == "application/json"
        assert (await web.get("/v1/incidents")).content == codec.encode(list(standin.state.incidents.values()))
        one = await web.get("/v1/incidents/I-1")
        assert codec.decode(one.content, Incident) == standin.state.incidents["I-1"]
        assert [patch["id"] for patch in one.json()["patches"]] == ["P-1"]
        assert (await web.get("/v1/patches")).content == codec.encode(list(standin.state.patches.values()))
        assert (await web.get("/v1/patches/P-1")).content == codec.encode(standin.state.patches["P-1"])
        assert (await web.get("/v1/targets/shop/log?lines=2")).json() == ["shop 0", "shop 1"]
        assert (await web.get("/v1/audit")).json()["ok"] is True
        events = (await web.get("/v1/journal?after=1&limit=1")).content
        assert [item["seq"] for item in json.loads(events)] == [2]
        assert events == b"[" + standin.journal.read_raw(1, 1)[0][1] + b"]"


async def test_blobs_are_bytes_and_only_a_hash_names_them():
    import hashlib

    async with running() as (standin, socket), http(socket) as web:
        data = bytes(range(256))
        await standin.journal.append(actor="test", blobs=[data])
        answer = await web.get(f"/v1/blobs/{hashlib.sha256(data).hexdigest()}")
        assert (answer.content, answer.headers["content-type"]) == (data, "application/octet-stream")
        assert (await web.get(f"/v1/blobs/{'0' * 64}")).json()["kind"] == "NotFoundError"
        assert (await web.get("/v1/blobs/..%2f..%2fetc%2fpasswd")).status_code in {404, 422}


async def test_a_decision_carries_who_how_and_the_hash_and_the_second_is_refused():
    async with running() as (standin, socket), http(socket) as web:
        first = await web.post("/v1/patches/P-1/approve", json=BODY)
        assert (first.status_code, first.json()["sentence"]) == (200, "approve done")
        import os

        assert standin.decided["P-1"] == ("approve", DecideCommand(digest="d" * 64, operator="ann"), f"local uid {os.getuid()}")
        second = await web.post("/v1/patches/P-1/reject", json=BODY)
        assert second.status_code == 409
        assert second.json() == {"error": "P-1 was decided already: nothing was done.", "kind": "ConflictError", "exit_code": 4}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"digest":"d"}',
        b'{"digest":"d","operator":"a","extra":1}',
        b'{"digest":1,"operator":"a"}',
        b'{"digest":null,"operator":"a"}',
        b"\xff\xfe",
    ],
)
async def test_a_body_that_is_no_command_is_refused_in_one_sentence(body: bytes):
    async with running() as (standin, socket), http(socket) as web:
        answer = await web.post("/v1/patches/P-1/approve", content=body, headers={"content-type": "application/json"})
        assert answer.status_code in {400, 422}
        said = answer.json()
        assert said["kind"] == "UsageError"
        assert said["error"].endswith(".")
        assert "\n" not in said["error"]
        assert standin.decided == {}


async def test_a_body_without_end_is_refused_before_it_is_read():
    async def endless():
        for _ in range(1000):
            yield b"x" * BODY_LIMIT

    async with running() as (standin, socket), http(socket) as web:
        try:
            answer = await web.post("/v1/patches/P-1/approve", content=endless(), headers={"content-type": "application/json"})
            assert answer.status_code == 413
        except httpx.TransportError:
            pass  # it hung up on us while we were still talking, which is as good
        assert standin.decided == {}
        assert (await web.get("/v1/status")).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/v1/patches/P-9", 404, "NotFoundError"),
        ("GET", "/v1/incidents/I-9", 404, "NotFoundError"),
        ("GET", "/v1/nothing", 404, "NotFoundError"),
        ("DELETE", "/v1/patches/P-1", 405, "UsageError"),
        ("GET", "/v1/journal?after=-1", 422, "UsageError"),
        ("GET", "/v1/journal?after=0&limit=1001", 422, "UsageError"),
        ("GET", f"/v1/journal?after={10**30}", 422, "UsageError"),
        ("GET", "/v1/targets/shop/log?lines=0", 422, "UsageError"),
        ("POST", "/v1/targets/none/stop", 404, "NotFoundError"),
        ("POST", "/v1/targets/shop/explode", 422, "UsageError"),
    ],
)
async def test_what_cannot_be_is_answered_with_one_sentence(method: str, path: str, status: int, kind: str):
    async with running() as (_, socket), http(socket) as web:
        answer = await web.request(method, path)
        assert (answer.status_code, answer.json()["kind"]) == (status, kind)
        assert answer.json()["error"].endswith(".")


async def test_targets_and_the_end():
    async with running() as (standin, socket), http(socket) as web:
        assert (await web.post("/v1/targets/shop/restart")).json()["state"] == "running"
        assert standin.actions == [("shop", "restart")]
        assert (await web.post("/v1/shutdown")).status_code == 202
        assert len(standin.stops) == 1


async def test_a_defect_of_ours_and_a_damaged_journal_are_answers_too(monkeypatch: pytest.MonkeyPatch):
    async with running() as (standin, socket), http(socket) as web:

        def broken() -> None:
            raise KeyError("secret detail")

        monkeypatch.setattr(standin, "status", broken)
        answer = await web.get("/v1/status")
        assert answer.status_code == 500
        assert "secret" not in answer.text

        def corrupt() -> None:
            raise CorruptJournalError("Event 7 is not what was stored.", 7)

        monkeypatch.setattr(standin, "status", corrupt)
        answer = await web.get("/v1/status")
        assert (answer.status_code, answer.json()["first_bad"], answer.json()["exit_code"]) == (507, 7, 6)


async def test_no_page_loads_anything_from_elsewhere_and_the_description_is_whole():
    async with running() as (standin, socket), http(socket) as web:
        assert (await web.get("/docs")).status_code == 404
        assert (await web.get("/redoc")).status_code == 404
        paths = (await web.get("/openapi.json")).json()["paths"]
        assert {"/v1/status", "/v1/patches/{patch}/approve", "/v1/journal", "/v1/shutdown"} <= paths.keys()
        assert create_app(standin).version
