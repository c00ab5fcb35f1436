"""F08: a sync that fails is never tried again: the journal becomes read-only, and appends say why."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from nexoide.clock import SystemClock
from nexoide.errors import JournalError
from nexoide.journal import Journal, failpoints
from nexoide.model.event import DeploymentCommitted, Notice

from .children import run

RECORD = """
async def record():
    journal = Journal.open(Path(sys.argv[1]), clock=SystemClock())
    await journal.append(Notice(level="info", text="not synced"), actor="x")
    say(step="noted", read_only=journal.read_only)
    try:
        await journal.append(DeploymentCommitted(deployment="D-1"), actor="x")
        say(step="recorded", read_only=journal.read_only)
    except JournalError as error:
        say(step="refused", read_only=journal.read_only, sentence=error.sentence)
    try:
        await journal.append(Notice(level="info", text="more"), actor="x")
        say(step="recorded", read_only=journal.read_only)
    except JournalError as error:
        say(step="refused", read_only=journal.read_only, sentence=error.sentence)
    say(step="read", events=[event.seq for event in journal.read()], reason=journal.reason)
    await journal.close()

asyncio.run(record())
"""


@pytest.mark.strace
def test_the_kernel_refuses_a_sync_once_and_the_journal_ends(tmp_path: Path) -> None:
    if shutil.which("strace") is None or subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, check=False).returncode:
        pytest.skip("strace is not here or may not trace")
    path = tmp_path / "journal.db"
    code, lines, err = run("Journal.open(Path(sys.argv[1]), clock=SystemClock())", str(path))
    assert code == 0, err
    trace = ("strace", "-f", "-qq", "-o", str(tmp_path / "trace"), "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO:when=1")
    code, lines, err = run(RECORD, str(path), prefix=trace)
    assert code == 0, err
    told = [json.loads(line) for line in lines]
    assert told[0] == {"step": "noted", "read_only": False}
    assert (told[1]["step"], told[1]["read_only"]) == ("refused", True)
    assert (told[2]["step"], told[2]["read_only"]) == ("refused", True)
    assert "I/O error" in told[1]["sentence"]
    assert told[3]["events"] == [1]
    assert "restart the supervisor" in told[3]["reason"]
    assert (tmp_path / "trace").read_text().count("INJECTED") == 1
    assert not (tmp_path / "journal.head").exists()


async def test_an_error_of_the_disk_ends_writing_for_everybody_in_the_batch(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "journal.db", clock=SystemClock())
    await journal.append(Notice(level="info", text="kept"), actor="x")
    failpoints.arm("journal.commit.before:EIO")
    with pytest.raises(JournalError, match="restart the supervisor"):
        await journal.append(Notice(level="info", text="lost"), actor="x")
    assert journal.read_only
    with pytest.raises(JournalError, match="read-only"):
        await journal.append(Notice(level="info", text="refused"), actor="x")
    assert [event.seq for event in journal.read()] == [1]
    await journal.close()
    again = Journal.open(tmp_path / "journal.db", clock=SystemClock())
    assert not again.read_only
    assert again.count == 1
    await again.close()


async def test_a_head_file_that_cannot_be_synced_ends_writing_too(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "journal.db", clock=SystemClock())
    failpoints.arm("storage.replace.before:EIO")
    await journal.append(DeploymentCommitted(deployment="D-1"), actor="x")
    with pytest.raises(JournalError, match=r"could not be written|read-only"):
        await journal.append(DeploymentCommitted(deployment="D-2"), actor="x")
    assert journal.read_only
    await journal.close()
