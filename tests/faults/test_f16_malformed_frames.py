"""F16: malformed frames end their connection with a reason and one notice; nobody else notices anything."""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nexoide.supervisor import probes as module
from nexoide.supervisor.probe_wire import BadFrameError, frame, parse
from nexoide.workspace import Workspace
from tests.unit.supervisor.test_probes import HELLO, Bench, Probe, failure


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runtime: Path) -> AsyncIterator[Bench]:
    monkeypatch.setenv("NEXOIDE_RUNTIME_DIR", str(runtime))
    Workspace(tmp_path).make_folders()
    made = Bench(Workspace(tmp_path))
    await made.probes.start()
    yield made
    await made.probes.close()


def raw(content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + content


def with_field(name: str, value: object) -> bytes:
    return frame(HELLO | {name: value})


FIRST = {
    "length 2^31": struct.pack(">I", 1 << 31),
    "length 2^32-1": b"\xff\xff\xff\xff",
    "length 0": struct.pack(">I", 0),
    "just over a MiB": struct.pack(">I", (1 << 20) + 1),
    "no JSON": raw(b"hello"),
    "no object": raw(b"[1]"),
    "a number": raw(b"17"),
    "no UTF-8": raw(b'{"t":"\xff"}'),
    "depth 10^5": raw(b"[" * 100_000 + b"]" * 100_000),
    "depth 33": raw(b'{"t":' + b"[" * 33 + b"]" * 33 + b"}"),
    "duplicate keys": raw(b'{"t":"hello",' + json.dumps(HELLO).encode()[1:]),
    "NaN": raw(json.dumps(HELLO | {"start_time": float("nan")}).encode()),
    "Infinity": raw(json.dumps(HELLO | {"start_time": float("inf")}).encode()),
    "a huge number": raw(b'{"t":' + b"9" * 5000 + b"}"),
    "no type": raw(b"{}"),
    "type is a list": raw(b'{"t":[]}'),
    "unknown type": raw(b'{"t":"exec"}'),
    "wrong version": with_field("v", 4),
    "version is true": with_field("v", True),
    "wrong token": with_field("token", "x" * 64),
    "empty token": with_field("token", ""),
    "token is no string": with_field("token", {"$ne": 1}),
    "another target": with_field("target", "cart"),
    "unknown field": with_field("admin", True),
    "not hello first": frame(failure()),
}
LATER = {
    "hello again": frame(HELLO),
    "failure is no object": frame(failure() | {"failure": [1]}),
    "dropped is true": frame(failure() | {"dropped": True}),
    "a field too many": frame(failure() | {"x": 1}),
    "a field too few": frame({"t": "passes", "watch": "D-1"}),
    "a supervisor's message": frame({"t": "reload", "id": 1}),
    "length 2^31": struct.pack(">I", 1 << 31),
}


@pytest.mark.parametrize("name", FIRST)
async def test_what_is_no_hello_ends_the_connection_with_one_notice(bench: Bench, name: str):
    healthy = await Probe.attach(bench)
    probe = await Probe.connect(bench)
    probe.writer.write(FIRST[name])
    assert await probe.ended()
    notices = await bench.until("notice")
    assert len(notices) == 1
    assert notices[0][0].endswith(".")
    assert len(notices[0][0]) < 300
    assert "\n" not in notices[0][0]
    assert len(bench.of("attach")) == 1
    healthy.send(failure("still here"))
    await bench.until("failure")


@pytest.mark.parametrize("name", LATER)
async def test_an_attached_probe_that_turns_bad_is_detached(bench: Bench, name: str):
    probe = await Probe.attach(bench)
    probe.writer.write(LATER[name])
    assert await probe.ended()
    assert len(await bench.until("notice")) == 1
    await bench.until("detach")
    assert bench.probes.attached("shop") == ()


async def test_who_says_nothing_is_disconnected(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "HELLO_SECONDS", 0.1)
    silent, half = await Probe.connect(bench), await Probe.connect(bench)
    half.writer.write(frame(HELLO)[:20])
    assert await silent.ended()
    assert await half.ended()
    assert all("did not say who it is" in sentence for (sentence,) in await bench.until("notice", 2))


async def test_who_connects_too_often_is_refused_and_the_first_stay(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MAX_CONNECTIONS", 5)
    first = await Probe.attach(bench)
    others = [await Probe.connect(bench) for _ in range(8)]
    await bench.until("notice", 4)
    first.send(failure())
    await bench.until("failure")
    for other in others:
        other.writer.close()


async def test_a_frame_in_single_bytes_is_a_frame(bench: Bench):
    probe = await Probe.connect(bench)
    for byte in frame(HELLO):
        probe.writer.write(bytes([byte]))
        await asyncio.sleep(0)
    assert await probe.receive() == {"t": "welcome"}


@given(
    content=st.one_of(
        st.binary(max_size=200), st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5), st.lists).map(lambda v: json.dumps(v).encode())
    )
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_bytes_are_a_message_or_a_bad_frame(content: bytes):
    try:
        kind = parse(content)["t"]
    except BadFrameError as error:
        kind = "bad" if str(error) else ""
    assert kind in {"hello", "failure", "reply", "passes", "bad"}


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_a_mutated_hello_is_the_hello_or_a_bad_frame(data: st.DataObject):
    whole = bytearray(json.dumps(HELLO).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        message = parse(bytes(whole))
    except BadFrameError:
        return
    assert message.keys() == HELLO.keys()
