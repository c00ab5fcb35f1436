"""F07: a full disk: nothing is recorded in half, callers are told, and recording goes on by itself once there is room."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from nexoide.clock import SystemClock
from nexoide.errors import JournalError
from nexoide.journal import Journal, failpoints
from nexoide.model.event import DeploymentCommitted, Event, Notice

from .children import run

FILL = """
async def record():
    folder = Path(sys.argv[1])
    (folder / "filler").write_bytes(bytes(400 << 10))
    journal = Journal.open(folder / "state" / "journal.db", clock=SystemClock())
    told = []
    refusals = 0
    for n in range(400):
        try:
            (event,) = await journal.append(DeploymentCommitted(deployment=f"D-{n} " + "x" * 3000), actor="x", blobs=[os.urandom(2000)])
            told.append(event.hash)
        except JournalError as error:
            refusals += 1
            sentence = error.sentence
            if refusals == 5:
                break
    full_at = len(told)
    assert not journal.read_only, journal.reason
    (folder / "filler").unlink()
    for n in range(20):
        (event,) = await journal.append(DeploymentCommitted(deployment=f"later {n}"), actor="x")
        told.append(event.hash)
    stored = [event.hash for event in journal.read()]
    ok = journal.verify().ok
    await journal.close()
    again = Journal.open(folder / "state" / "journal.db", clock=SystemClock())
    ok = ok and not again.read_only and again.verify().ok and [event.hash for event in again.read()] == stored
    await again.close()
    say(told=len(told), full_at=full_at, refusals=refusals, same=told == stored, ok=ok, sentence=sentence)

asyncio.run(record())
"""


@pytest.mark.sandbox
def test_a_small_disk_that_fills_up_and_is_cleared(tmp_path: Path) -> None:
    mounts = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", f'mount -t tmpfs -o size=1m nexoide "{tmp_path}" && exec "$@"', "sh")
    probe = subprocess.run([*mounts, "true"], capture_output=True, check=False)
    if probe.returncode:
        pytest.skip(f"no small file system can be mounted here: {probe.stderr.decode(errors='replace').strip()}")
    code, lines, err = run(FILL, str(tmp_path), prefix=mounts)
    assert code == 0, err
    told = json.loads(lines[-1])
    assert told["refusals"] == 5
    assert 5 < told["full_at"] < 400
    assert told["same"]
    assert told["ok"]
    assert "full" in told["sentence"]


async def test_sqlites_own_limit_takes_the_same_way(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "journal.db", clock=SystemClock())
    heard: list[Event] = []
    journal.listen(heard.append)
    assert journal._writer is not None
    connection = journal._writer.connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count={pages + 4}")
    with pytest.raises(JournalError, match="full"):
        await journal.append(*(Notice(level="info", text="x" * 4000) for _ in range(20)), actor="x")
    assert not journal.read_only
    assert journal.read() == heard == []
    connection.execute("PRAGMA max_page_count=100000")
    (event,) = await journal.append(Notice(level="info", text="on"), actor="x")
    assert event.seq == 1
    assert journal.read() == heard == [event]
    assert journal.verify().ok
    await journal.close()


@pytest.mark.parametrize("point", ["journal.commit.before", "storage.replace.before"])
async def test_room_that_returns_at_once_costs_one_batch_at_most(tmp_path: Path, point: str) -> None:
    journal = Journal.open(tmp_path / "journal.db", clock=SystemClock())
    failpoints.arm(f"{point}:ENOSPC")
    refused = 0
    for n in range(5):
        try:
            await journal.append(DeploymentCommitted(deployment=f"D-{n}"), actor="x")
        except JournalError:
            refused += 1
    assert refused == (1 if point.startswith("journal") else 0)
    assert not journal.read_only
    assert journal.count == 5 - refused
    await journal.close()
    assert (tmp_path / "journal.head").read_text().split()[0] == str(5 - refused)
