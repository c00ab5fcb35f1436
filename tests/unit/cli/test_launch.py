"""The supervisor's process from outside, played by small programs: it starts, ends at once, hangs, goes away."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nexoide.cli import launch
from nexoide.errors import NexoideError, UnavailableError
from nexoide.workspace import Workspace


@pytest.fixture
def where(tmp_path: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("NEXOIDE_RUNTIME_DIR", str(runtime))
    (tmp_path / "nexoide.toml").write_text("")
    return Workspace(tmp_path.resolve())


def _play(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.setattr(launch, "command", lambda workspace, config: [sys.executable, "-c", program])


def test_its_own_sentence_and_exit_code_where_it_ends_at_once(where: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    _play(monkeypatch, "import sys; print('noise'); sys.stderr.write('nexoide: The key is wrong: mend it.\\n'); sys.exit(2)")
    with pytest.raises(NexoideError) as caught:
        launch.start(where)
    assert (caught.value.sentence, caught.value.exit_code) == ("The key is wrong: mend it.", 2)


def test_its_last_words_where_it_crashes(where: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    (where.root / ".nexoide" / "logs").mkdir(parents=True)
    (where.logs / launch.LOG_NAME).write_text("nexoide: an old sentence of yesterday\n")
    _play(monkeypatch, "raise RuntimeError('out of luck')")
    with pytest.raises(UnavailableError, match=r"exit code 1 .*RuntimeError: out of luck.*supervisor\.log"):
        launch.start(where)
    assert "yesterday" in (where.logs / launch.LOG_NAME).read_text()


def test_silence_is_said_too(where: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    _play(monkeypatch, "raise SystemExit(9)")
    with pytest.raises(UnavailableError, match="it said nothing"):
        launch.start(where)


def test_one_that_never_answers_is_stopped(where: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    _play(monkeypatch, "import time; time.sleep(60)")
    before = set(launch._children)
    with pytest.raises(UnavailableError, match="did not answer within"):
        launch.start(where, seconds=0.3)
    (pid,) = set(launch._children) - before
    assert launch.wait_gone(pid, 10)


def test_the_output_does_not_grow_for_ever(where: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    where.make_folders()
    monkeypatch.setattr(launch, "_LOG_BYTES", 10)
    (where.logs / launch.LOG_NAME).write_text("x" * 11)
    _play(monkeypatch, "raise SystemExit(9)")
    with pytest.raises(UnavailableError):
        launch.start(where)
    assert (where.logs / "supervisor.log.1").stat().st_size == 11
    assert (where.logs / launch.LOG_NAME).stat().st_size == 0


def test_it_starts_outside_the_workspace_so_that_nothing_there_is_imported(where: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    (where.root / "nexoide").mkdir()
    (where.root / "nexoide" / "__init__.py").write_text("raise SystemExit(77)")
    monkeypatch.chdir(where.root)
    _play(monkeypatch, "import os, nexoide; print(os.getcwd(), nexoide.__file__); raise SystemExit(9)")
    with pytest.raises(UnavailableError, match="exit code 9"):
        launch.start(where)
    assert str(where.root) not in (where.logs / launch.LOG_NAME).read_text()


def test_nobody_there(where: Workspace) -> None:
    assert launch.running_pid(where) == 0
    with pytest.raises(UnavailableError):
        launch.stop(where)


def test_waiting_for_an_end_ends_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for with_pidfd in (True, False):
        if not with_pidfd:
            monkeypatch.delattr(os, "pidfd_open", raising=False)
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        launch._children[child.pid] = child
        assert not launch.wait_gone(child.pid, 0.05)
        child.send_signal(signal.SIGKILL)
        began = time.monotonic()
        assert launch.wait_gone(child.pid, 20)
        assert time.monotonic() - began < 10
        assert child.pid not in launch._children
        assert launch.wait_gone(child.pid, 1)
