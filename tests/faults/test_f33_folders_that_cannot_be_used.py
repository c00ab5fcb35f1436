"""F33: a state or runtime folder that is read-only, somebody else's or open to others is refused with one line that says the fix."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nexoide.clock import SystemClock
from nexoide.config import TargetSettings
from nexoide.errors import RefusedError
from nexoide.supervisor.processes import open_log
from nexoide.supervisor.targets import Targets
from nexoide.workspace import Workspace

BIND = """
import sys; from pathlib import Path
from nexoide.api.serve import bind
from nexoide.errors import NexoideError
try: bind(Path(sys.argv[1]))
except NexoideError as error: print(error.exit_code, error.sentence)
"""
START = """
import asyncio, sys; from pathlib import Path
from nexoide.clock import SystemClock
from nexoide.config import TargetSettings
from nexoide.supervisor.targets import Targets
from nexoide.workspace import Workspace
async def run():
    targets = Targets({"shop": TargetSettings(command=("true",))}, Workspace(Path(sys.argv[1])), lambda status: None, SystemClock())
    await targets.start_all()
    status = targets.status("shop")
    print(status.state, status.note)
    await targets.stop_all()
asyncio.run(run())
"""


def without_roots_privilege(code: str, argument: Path) -> str:
    """Run `code` where permissions bind: root alone may write what is read-only."""
    command = [sys.executable, "-c", code, str(argument)]
    if os.getuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("setpriv is not installed, and root may write everything")
        command = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search,-fowner,-chown", *command]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1
    return done.stdout.strip()


def test_a_read_only_runtime_folder(runtime: Path):
    (runtime / "c").mkdir(mode=0o500)
    said = without_roots_privilege(BIND, runtime / "c" / "api.sock")
    assert said.startswith("4 ")
    assert "mend the folder, or set NEXOIDE_RUNTIME_DIR" in said


def test_a_folder_in_which_nothing_can_be_made(runtime: Path):
    (runtime / "c").mkdir(mode=0o500)
    said = without_roots_privilege(BIND, runtime / "c" / "d" / "api.sock")
    assert said.startswith("4 ")
    assert "mend its owner and permissions" in said


@pytest.mark.parametrize(("kept", "words"), [("state", "tokens.json could not be written"), ("logs", "cannot be written (Permission denied)")])
def test_a_read_only_state_folder_gives_up_the_target_with_a_sentence(tmp_path: Path, kept: str, words: str):
    workspace = Workspace(tmp_path)
    workspace.state.mkdir(mode=0o700)
    workspace.logs.mkdir(mode=0o700)
    (workspace.state if kept == "state" else workspace.logs).chmod(0o500)
    said = without_roots_privilege(START, tmp_path)
    assert said.startswith("given_up ")
    assert words in said


def test_no_state_folder_at_all(tmp_path: Path):
    said = without_roots_privilege(START, tmp_path)
    assert said.startswith("given_up ")


@pytest.mark.skipif(os.getuid() != 0, reason="needs root to give a file away")
def test_a_log_of_somebody_else(tmp_path: Path):
    (tmp_path / "log").touch(mode=0o666)
    os.chown(tmp_path / "log", 65534, 65534)
    with pytest.raises(RefusedError, match="not a regular file of yours: remove it"):
        open_log(tmp_path / "log")


async def test_without_a_home_it_runs(tmp_path: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("HOME", "USER", "LOGNAME", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NEXOIDE_RUNTIME_DIR", str(runtime))
    Workspace(tmp_path).make_folders()
    targets = Targets({"shop": TargetSettings(command=("sleep", "600"))}, Workspace(tmp_path), lambda status: None, SystemClock())
    await targets.start_all()
    assert targets.status("shop").state == "running"
    await targets.stop_all()
