"""F01: kill -9 of a process that records; what it was told is recorded is there, and nothing is there twice or in half."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from nexoide.clock import SystemClock
from nexoide.journal import Journal, verify_file
from nexoide.model.event import DeploymentCommitted, Event

from .children import run, start

RECORD = """
async def record():
    journal = Journal.open(Path(sys.argv[1]), clock=SystemClock())
    for n in range(int(sys.argv[2])):
        asyncio.ensure_future(journal.append(Notice(level="info", text=f"between {n}"), actor="x"))
        (event,) = await journal.append(DeploymentCommitted(deployment=f"D-{n}"), actor="x", blobs=[b"content %d" % n])
        say(seq=event.seq, hash=event.hash, deployment=f"D-{n}")
    await journal.close()

asyncio.run(record())
"""


async def reopened(path: Path) -> list[Event]:
    assert verify_file(path).ok
    journal = Journal.open(path, clock=SystemClock())
    try:
        assert not journal.read_only, journal.reason
        await journal.append(DeploymentCommitted(deployment="after"), actor="x")
        assert journal.verify().ok
        return journal.read()[:-1]
    finally:
        await journal.close()


def acknowledged(lines: list[str], events: list[Event]) -> int:
    """Check that every acknowledged event is there, under its number and hash; return how many there are."""
    stored = {event.seq: event for event in events}
    for line in lines:
        told = json.loads(line)
        assert stored[told["seq"]].hash == told["hash"]
        assert stored[told["seq"]].body == DeploymentCommitted(deployment=told["deployment"])
    return len(lines)


def durable(events: list[Event]) -> list[str]:
    return [event.body.deployment for event in events if isinstance(event.body, DeploymentCommitted)]


@pytest.mark.parametrize("after", [1, 7, 40])
async def test_killed_at_some_moment(tmp_path: Path, after: int) -> None:
    path = tmp_path / "journal.db"
    with start(RECORD, str(path), "1000000") as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().decode() for _ in range(after)]
        process.kill()
        lines += process.stdout.read().decode().splitlines()
    assert process.returncode == -signal.SIGKILL
    events = await reopened(path)
    assert acknowledged([line for line in lines if line.endswith(("}\n", "}"))], events) >= after
    names = durable(events)
    assert names == [f"D-{n}" for n in range(len(names))]


@pytest.mark.parametrize(
    ("point", "acked", "stored"),
    [
        ("journal.commit.before", 4, 4),
        ("journal.commit.after", 4, 5),
        ("storage.replace.before", 5, 5),
        ("storage.replace.after", 5, 5),
    ],
)
async def test_killed_at_a_named_moment(tmp_path: Path, point: str, acked: int, stored: int) -> None:
    """Every durable append is one commit here, and one replacement of the head file after it."""
    path = tmp_path / "journal.db"
    code, lines, err = run(SINGLE, str(path), "9", NEXOIDE_FAIL=f"{point}:SIGKILL@5")
    assert code == -signal.SIGKILL, err
    events = await reopened(path)
    assert acknowledged(lines, events) in (acked - 1, acked)  # the head file is written while the answer is under way
    assert durable(events) == [f"D-{n}" for n in range(stored)]
    assert [file.name for file in tmp_path.iterdir() if "tmp" in file.name] == []


SINGLE = """
async def record():
    journal = Journal.open(Path(sys.argv[1]), clock=SystemClock())
    head = Path(sys.argv[1]).with_suffix(".head")
    for n in range(int(sys.argv[2])):
        (event,) = await journal.append(DeploymentCommitted(deployment=f"D-{n}"), actor="x")
        say(seq=event.seq, hash=event.hash, deployment=f"D-{n}")
        while not (head.exists() and head.read_text().split()[0] == str(event.seq)):
            await asyncio.sleep(0.001)

asyncio.run(record())
"""
