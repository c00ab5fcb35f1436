"""The probes' server over its real socket: hello, failures, reloads, and what ends a connection."""

from __future__ import annotations

import asyncio
import json
import os
import stat
import struct
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from nexoide.errors import UsageError
from nexoide.supervisor import probe_connection as module
from nexoide.supervisor.probe_wire import frame
from nexoide.supervisor.probes import Probes
from nexoide.supervisor.processes import start_time
from nexoide.workspace import Workspace

TOKEN = "t" * 64
HELLO: dict[str, Any] = {
    "t": "hello",
    "v": 3,
    "token": TOKEN,
    "target": "shop",
    "pid": 1,
    "start_time": 1.0,
    "python": "3.11.7",
    "implementation": "cpython",
    "free_threaded": False,
    "executable": "/usr/bin/python3",
    "argv": ["app.py"],
    "cwd": "/",
}


class Bench:
    """A server and everything that it told."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.told: list[tuple[Any, ...]] = []
        self._changed = asyncio.Event()
        self.probes = Probes(
            workspace,
            authenticate=lambda token: "shop" if token == TOKEN else None,
            on_failure=lambda *told: self.tell("failure", *told),
            on_attach=lambda *told: self.tell("attach", *told),
            on_detach=lambda *told: self.tell("detach", *told),
            on_passes=lambda *told: self.tell("passes", *told),
            on_notice=lambda *told: self.tell("notice", *told),
        )

    def tell(self, *told: Any) -> None:
        self.told.append(told)
        self._changed.set()

    def of(self, kind: str) -> list[tuple[Any, ...]]:
        return [told[1:] for told in self.told if told[0] == kind]

    async def until(self, kind: str, count: int = 1) -> list[tuple[Any, ...]]:
        async with asyncio.timeout(15):
            while len(self.of(kind)) < count:
                self._changed.clear()
                await self._changed.wait()
        return self.of(kind)


class Probe:
    """The other end of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def connect(cls, bench: Bench) -> Probe:
        return cls(*await asyncio.open_unix_connection(bench.workspace.probe_socket))

    @classmethod
    async def attach(cls, bench: Bench) -> Probe:
        probe = await cls.connect(bench)
        probe.send(HELLO)
        assert await probe.receive() == {"t": "welcome"}
        return probe

    def send(self, message: dict[str, Any]) -> None:
        self.writer.write(frame(message))

    async def receive(self) -> dict[str, Any]:
        (length,) = struct.unpack(">I", await self.reader.readexactly(4))
        return json.loads(await self.reader.readexactly(length))

    async def ended(self) -> bool:
        async with asyncio.timeout(10):
            try:
                return await self.reader.read() == b""
            except ConnectionResetError:
                return True


def failure(text: str = "x", dropped: int = 0) -> dict[str, Any]:
    return {"t": "failure", "failure": {"message": text}, "dropped": dropped}


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runtime: Path) -> AsyncIterator[Bench]:
    monkeypatch.setenv("NEXOIDE_RUNTIME_DIR", str(runtime))
    workspace = Workspace(tmp_path)
    workspace.make_folders()
    made = Bench(workspace)
    await made.probes.start()
    yield made
    await made.probes.close()
    assert not workspace.probe_socket.exists()


async def test_a_probe_says_hello_reports_and_leaves(bench: Bench):
    probe = await Probe.attach(bench)
    ((target, hello),) = bench.of("attach")
    assert (target, hello["python"], hello["pid"], hello["start_time"]) == ("shop", "3.11.7", os.getpid(), start_time(os.getpid()))
    assert "token" not in hello
    assert bench.probes.attached("shop") == (os.getpid(),)
    assert bench.probes.attached("cart") == bench.probes.attached("") == ()
    probe.send(failure("boom", 2))
    probe.send({"t": "passes", "watch": "D-1", "hits": 7})
    assert await bench.until("passes") == [("shop", os.getpid(), "D-1", 7)]
    assert bench.of("failure") == [("shop", os.getpid(), failure("boom", 2))]
    probe.writer.close()
    await bench.until("detach")
    assert bench.probes.attached("shop") == ()
    assert bench.of("notice") == []


async def test_the_socket_is_private(bench: Bench):
    socket = bench.workspace.probe_socket
    assert stat.S_IMODE(socket.lstat().st_mode) == 0o600
    assert stat.S_IMODE(socket.parent.lstat().st_mode) == 0o700


async def test_a_reload_is_answered_by_each_process(bench: Bench):
    probe = await Probe.attach(bench)
    files = [{"path": "/w/a.py", "base": "a\n", "new": "b\n"}]
    watch = {"id": "D-1", "lines": {"/w/a.py": [[1, 2]]}}
    asked = asyncio.create_task(bench.probes.reload("shop", files, watch, dry_run=True, timeout=5))
    message = await probe.receive()
    assert message == {"t": "reload", "id": message["id"], "dry_run": True, "files": files, "watch": watch}
    answer = {"t": "reply", "id": message["id"], "ok": True, "state": "prepared", "changed": ["a.f"], "notes": ["n"], "ms": 1, "error": ""}
    probe.send(answer | {"id": 999})
    probe.send(answer)
    probe.send(answer | {"state": "committed"})
    (reply,) = await asked
    assert (reply.pid, reply.ok, reply.state, reply.changed, reply.notes, reply.ms) == (os.getpid(), True, "prepared", ("a.f",), ("n",), 1.0)
    await bench.probes.unwatch("shop", "D-1")
    assert await probe.receive() == {"t": "unwatch", "watch": "D-1"}
    assert await bench.probes.reload("cart", files, None, dry_run=False, timeout=1) == []


async def test_a_process_that_dies_meanwhile_has_an_answer(bench: Bench):
    probe = await Probe.attach(bench)
    asked = asyncio.create_task(bench.probes.reload("shop", [], None, dry_run=False, timeout=30))
    await probe.receive()
    probe.writer.close()
    (reply,) = await asked
    assert (reply.ok, reply.state) == (False, "")
    assert "ended or let go" in reply.error


async def test_a_process_that_does_not_answer_has_an_answer_in_time(bench: Bench):
    probe = await Probe.attach(bench)
    (reply,) = await bench.probes.reload("shop", [], None, dry_run=True, timeout=0.05)
    assert "did not answer within 0.05 s" in reply.error
    message = await probe.receive()
    probe.send({"t": "reply", "id": message["id"], "ok": True, "state": "committed", "changed": [], "notes": [], "ms": 1.0, "error": ""})
    probe.send({"t": "passes", "watch": "late", "hits": 1})
    await bench.until("passes")
    assert bench.probes.attached("shop") == (os.getpid(),)


async def test_a_process_that_might_commit_too_late_must_attach_anew(bench: Bench):
    probe = await Probe.attach(bench)
    (reply,) = await bench.probes.reload("shop", [], None, dry_run=False, timeout=0.05)
    assert not reply.ok
    await bench.until("detach")
    await probe.receive()
    assert await probe.ended()


async def test_a_process_that_does_not_even_read_has_an_answer_in_time(bench: Bench):
    probe = await Probe.attach(bench)
    files = [{"path": "/w/a.py", "base": "a" * 3_000_000, "new": "b" * 3_000_000}]
    (reply,) = await bench.probes.reload("shop", files, None, dry_run=True, timeout=0.2)
    assert "did not answer" in reply.error
    await bench.until("detach")
    probe.writer.close()


async def test_a_reload_that_is_too_long_is_refused_before_it_is_sent(bench: Bench):
    probe = await Probe.attach(bench)
    with pytest.raises(UsageError, match="at most"):
        await bench.probes.reload("shop", [{"path": "/a", "base": "x" * (17 << 20), "new": "y" * (17 << 20)}], None, dry_run=False, timeout=1)
    assert bench.probes.attached("shop") == (os.getpid(),)
    probe.writer.close()


async def test_several_processes_of_one_target_all_answer(bench: Bench):
    code = """
import json, socket, struct, sys
s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])
def send(m): raw = json.dumps(m).encode(); s.sendall(struct.pack('>I', len(raw)) + raw)
def take():
    n = struct.unpack('>I', s.recv(4, socket.MSG_WAITALL))[0]; return json.loads(s.recv(n, socket.MSG_WAITALL))
send(json.loads(sys.argv[2])); take()
m = take(); send({'t': 'reply', 'id': m['id'], 'ok': True, 'state': 'committed', 'changed': [], 'notes': [], 'ms': 1.0, 'error': ''})
s.recv(1)
"""
    command = [sys.executable, "-c", code, str(bench.workspace.probe_socket), json.dumps(HELLO)]
    children = [subprocess.Popen(command) for _ in range(3)]
    try:
        await bench.until("attach", 3)
        pids = tuple(sorted(child.pid for child in children))
        assert bench.probes.attached("shop") == pids
        replies = await bench.probes.reload("shop", [], None, dry_run=False, timeout=10)
        assert tuple(reply.pid for reply in replies) == pids
        assert all(reply.ok for reply in replies)
    finally:
        await bench.probes.close()
        for child in children:
            child.wait()


async def test_a_process_that_connects_again_is_attached_once_and_never_detached(bench: Bench):
    first = await Probe.attach(bench)
    second = await Probe.attach(bench)
    assert await first.ended()
    assert bench.probes.attached("shop") == (os.getpid(),)
    assert bench.of("detach") == []
    second.writer.close()


async def test_a_flood_is_counted_beyond_what_is_read(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MESSAGES_PER_SECOND", 20)
    now = 5.0
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: now, raising=False)
    probe = await Probe.connect(bench)
    raw = [frame(failure(str(index))) for index in range(300)]
    probe.writer.write(frame(HELLO) + b"".join(raw) + frame({"t": "passes", "watch": "after", "hits": 1}))
    while not bench.of("passes"):
        await asyncio.sleep(0)
    assert len(bench.of("failure")) == 20
    now = 6.5
    probe.writer.write(frame(failure("later", 3)))
    while len(bench.of("failure")) < 21:
        await asyncio.sleep(0)
    assert bench.of("failure")[-1][2]["dropped"] == 283


async def test_what_was_skipped_last_is_said_at_the_end(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MESSAGES_PER_SECOND", 0)
    probe = await Probe.attach(bench)
    probe.writer.write(frame(failure()) * 5)
    await probe.writer.drain()
    probe.writer.close()
    ((sentence,),) = await bench.until("notice")
    assert sentence.startswith("5 failures of shop came faster")


async def test_a_flood_lets_others_have_their_turn(bench: Bench):
    probe = await Probe.attach(bench)
    flood = frame(failure()) * 20_000
    probe.writer.write(flood)
    turns = 0
    while not bench.of("failure"):
        await asyncio.sleep(0)
    while len(bench.of("failure")) < 1000:
        turns += 1
        await asyncio.sleep(0)
    assert turns >= 20


async def test_notices_are_bounded_whoever_connects_in_a_loop(bench: Bench):
    for _ in range(30):
        probe = await Probe.connect(bench)
        probe.writer.write(b"\xff" * 8)
        assert await probe.ended()
    assert 10 <= len(bench.of("notice")) <= 20  # a minute may turn while this runs


async def test_closing_ends_connections_and_answers_waiting_reloads(bench: Bench):
    probe = await Probe.attach(bench)
    asked = asyncio.create_task(bench.probes.reload("shop", [], None, dry_run=False, timeout=30))
    await probe.receive()
    await bench.probes.close()
    (reply,) = await asked
    assert not reply.ok
    assert await probe.ended()


async def test_a_probe_of_an_older_version_is_let_in_and_never_asked_to_reload(bench: Bench):
    probe = await Probe.connect(bench)
    probe.send(HELLO | {"v": 1})
    assert await probe.receive() == {"t": "welcome"}
    probe.send(failure("boom"))
    await bench.until("failure")
    (reply,) = await bench.probes.reload("shop", [], None, dry_run=False, timeout=1)
    assert not reply.ok
    assert reply.error == "it carries the probe of another nexoide (protocol 1, this one speaks 3): restart the program"
    await bench.probes.abort("shop", 1)
    await bench.probes.unwatch("shop", "D-1")
    probe.writer.close()


async def test_prepare_commit_and_abort_are_messages_of_one_number(bench: Bench):
    probe = await Probe.attach(bench)
    files = [{"path": "/a.py", "base": None, "new": "x = 1\n"}]

    async def answered(message: dict[str, Any], state: str) -> None:
        more = {"definitions": [{"module": "a", "name": "x", "kind": "constant", "action": "replaced", "reason": "", "file": "/a.py", "line": 1}]}
        reply = {"t": "reply", "id": message["id"], "ok": True, "state": state, "changed": [], "notes": [], "ms": 1.0, "error": ""}
        probe.send(reply | more | {"generation": 3, "blockers": ["Thread x is in the way."]})

    asking = asyncio.ensure_future(bench.probes.prepare("shop", files, when="quiescent", bound=1.5, timeout=5))
    message = await probe.receive()
    assert message == {"t": "prepare", "id": message["id"], "files": files, "when": "quiescent", "bound": 1.5}
    await answered(message, "prepared")
    number, (prepared,) = await asking
    assert (number, prepared.state, prepared.generation, prepared.blockers) == (message["id"], "prepared", 3, ("Thread x is in the way.",))
    assert prepared.definitions[0].full == "a.x"
    asking = asyncio.ensure_future(bench.probes.commit("shop", number, None, pids=[prepared.pid], timeout=5))
    assert await probe.receive() == {"t": "commit", "id": number, "watch": None}
    await answered(message, "committed")
    assert (await asking)[0].state == "committed"
    await bench.probes.abort("shop", number)
    assert await probe.receive() == {"t": "abort", "id": number}


async def test_modules_come_as_they_are_and_what_is_none_is_left_out(bench: Bench):
    probe = await Probe.attach(bench)
    asking = asyncio.ensure_future(bench.probes.modules("shop", ["/a.py"]))
    message = await probe.receive()
    assert (message["t"], message["paths"]) == ("modules", ["/a.py"])
    probe.send({"t": "modules", "id": message["id"], "modules": [{"module": "a", "path": "/a.py", "sha256": "0" * 64, "generation": 2}, "nonsense"]})
    ((pid, (live,)),) = (await asking).items()
    assert (pid, live.module, live.path, live.sha256, live.generation) == (os.getpid(), "a", "/a.py", "0" * 64, 2)


async def test_a_process_that_ends_is_told_from_one_that_refuses(bench: Bench):
    probe = await Probe.attach(bench)
    asking = asyncio.ensure_future(bench.probes.reload("shop", [], None, dry_run=False, timeout=5))
    await probe.receive()
    probe.writer.close()
    (reply,) = await asking
    assert (reply.ok, reply.gone) == (False, True)


@pytest.fixture
async def counting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runtime: Path) -> AsyncIterator[Bench]:
    """A server whose failures are counted for what their messages name."""
    monkeypatch.setenv("NEXOIDE_RUNTIME_DIR", str(runtime))
    workspace = Workspace(tmp_path)
    workspace.make_folders()
    made = Bench(workspace)

    def failed(target: str, pid: int, message: dict[str, Any]) -> str | None:
        made.tell("failure", target, message.get("key"), message.get("count", 1))
        return message["failure"]["message"] or None

    made.probes = Probes(
        workspace,
        authenticate=lambda token: "shop" if token == TOKEN else None,
        on_failure=failed,
        on_attach=lambda *told: None,
        on_detach=lambda *told: None,
        on_passes=lambda *told: made.tell("passes", *told),
        on_notice=lambda *told: made.tell("notice", *told),
        on_repeats=lambda *told: made.tell("repeats", *told),
        on_unknown=lambda *told: made.tell("unknown", *told),
        on_routes=lambda *told: made.tell("routes", *told),
    )
    await made.probes.start()
    yield made
    await made.probes.close()


async def test_repeats_are_counted_for_what_the_whole_failure_was(counting: Bench):
    probe = await Probe.attach(counting)
    probe.send(failure("boom") | {"key": 7, "count": 3})
    probe.send(failure("") | {"key": 8})
    probe.send({"t": "repeats", "items": [[7, 5, 12.5], [8, 2, 13.0], [9, 4, 14], [7, 0, 1.0], [7, -3, 1.0]], "dropped": 6})
    assert await counting.until("unknown") == [("shop", 12)]
    assert counting.of("failure") == [("shop", 7, 3), ("shop", 8, 1)]
    assert counting.of("repeats") == [("boom", 5, 12.5)]
    other = await Probe.attach(counting)  # the keys of a connection are its own
    other.send({"t": "repeats", "items": [[7, 1, 1.0]], "dropped": 0})
    assert await counting.until("unknown", 2) == [("shop", 12), ("shop", 1)]
    other.writer.close()


@pytest.mark.parametrize("item", [[1, 2], [1, 2, 3, 4], ["1", 2, 3.0], [1, True, 3.0], [1, 2, None], {"a": 1}, 5])
async def test_repeats_that_are_none_end_the_connection(counting: Bench, item: Any):
    probe = await Probe.attach(counting)
    probe.send({"t": "repeats", "items": [item], "dropped": 0})
    assert await probe.ended()
    assert "holds what is no count" in counting.of("notice")[0][0]


async def test_counts_and_keys_of_a_hostile_probe_are_bounded(counting: Bench):
    probe = await Probe.attach(counting)
    for key in range(9000):
        probe.send(failure("boom") | {"key": key, "count": 10**30 if key == 0 else 1})
    probe.send({"t": "repeats", "items": [[0, 1, 1.0], [8999, 10**30, 1e300]], "dropped": 0})
    probe.send({"t": "passes", "watch": "after", "hits": 1})
    await counting.until("passes")
    assert counting.of("failure")[0] == ("shop", 0, 1 << 40)
    (connection,) = counting.probes.connections("shop")
    assert len(connection.tokens) <= module.MAX_TOKENS
    assert all(count <= 1 << 40 and at <= 1e11 for _, count, at in counting.of("repeats"))


async def test_routes_are_passed_on_and_probes_of_the_version_before_are_asked(counting: Bench):
    probe = await Probe.connect(counting)
    probe.send(HELLO | {"v": 2})
    assert await probe.receive() == {"t": "welcome"}
    told = {"t": "routes", "began": 1.0, "ended": 2, "routes": [["GET /", 1, 0, 0, 1.0, 1.0, [1]]]}
    probe.send(told)
    assert await counting.until("routes") == [("shop", os.getpid(), told)]
    asked = asyncio.create_task(counting.probes.reload("shop", [], None, dry_run=True, timeout=5))
    message = await probe.receive()
    assert message["t"] == "reload"
    probe.send({"t": "reply", "id": message["id"], "ok": True, "state": "prepared", "changed": [], "notes": [], "ms": 1.0, "error": ""})
    assert (await asked)[0].ok
