"""The supervisor's process from outside: start it, wait for it, stop it."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from pathlib import Path

import nexoide
from nexoide.client.control import Control
from nexoide.errors import ConfigError, NexoideError, UnavailableError
from nexoide.workspace import Workspace

START_SECONDS = 15.0
STOP_SECONDS = 30.0
LOG_NAME = "supervisor.log"
RUN_CONFIG_NAME = "run.toml"
_LOG_BYTES = 4 << 20
_LOG_TAIL = 4096
_STEP = 0.03
_children: dict[int, subprocess.Popen[bytes]] = {}


def settings_of(workspace: Workspace) -> Path:
    """Return the settings file to use: nexoide.toml, else what `nexoide run` wrote; raises ConfigError where there is none."""
    for path in (workspace.config, workspace.state / RUN_CONFIG_NAME):
        if path.is_file():
            return path
    raise ConfigError(f"{workspace.root} has no nexoide.toml: run 'nexoide init' there, or 'nexoide run -- COMMAND'.")


def command(workspace: Workspace, config: Path) -> list[str]:
    """Return the supervisor's command line."""
    line = [sys.executable, "-m", "nexoide.api", str(workspace.root)]
    return line if config == workspace.config else [*line, "--config", str(config)]


def package_folder() -> Path:
    """Return the folder that holds our package: where the supervisor starts, so that no file of a workspace is ever imported by it."""
    return Path(nexoide.__file__).resolve().parents[1]


def running_pid(workspace: Workspace) -> int:
    """Return the process id of the supervisor that answers for this workspace, or 0."""
    try:
        return Control(workspace.socket).status().pid
    except UnavailableError:
        return 0


def start(workspace: Workspace, config: Path | None = None, seconds: float = START_SECONDS) -> tuple[int, bool]:
    """Start the supervisor, detached, unless one runs; return its process id and whether this call started it.

    Waits until it answers. Raises UnavailableError, with its own last words, where it ends instead or does not answer in time.
    """
    pid = running_pid(workspace)
    if pid:
        return pid, False
    settings = config or settings_of(workspace)
    workspace.make_folders()
    log = workspace.logs / LOG_NAME
    child, mark = _spawn(workspace, settings, log)
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        pid = running_pid(workspace)
        if pid:
            return pid, pid == child.pid
        code = child.poll()
        if code is not None:
            pid = running_pid(workspace)  # another one was faster
            if pid:
                return pid, False
            raise _ended(code, log, mark)
        time.sleep(_STEP)
    child.terminate()
    raise UnavailableError(f"The supervisor did not answer within {seconds:g} s and was stopped: see {log}.")


def _spawn(workspace: Workspace, config: Path, log: Path) -> tuple[subprocess.Popen[bytes], int]:
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as output:
        mark = output.tell()
        child = subprocess.Popen(
            command(workspace, config),
            cwd=package_folder(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    _children[child.pid] = child
    return child, mark


def _ended(code: int, log: Path, mark: int) -> NexoideError:
    """Return the error for a supervisor that ended while starting: its own sentence and exit code where it said one."""
    with log.open("rb") as output:
        size = output.seek(0, os.SEEK_END)
        output.seek(max(mark, size - _LOG_TAIL))
        lines = [line for line in output.read().decode("utf-8", "replace").splitlines() if line.strip()]
    last = lines[-1] if lines else "it said nothing"
    if last.startswith("nexoide: "):
        error = NexoideError(last.removeprefix("nexoide: "))
        error.exit_code = code if 1 <= code <= 6 else UnavailableError.exit_code
        return error
    return UnavailableError(f"The supervisor ended with exit code {code} while starting ({last.strip()}): the whole story is in {log}.")


def stop(workspace: Workspace, seconds: float = STOP_SECONDS) -> int:
    """Ask the supervisor to end with its targets and wait until it is gone; return the process id it had.

    Raises UnavailableError where none runs or where it has not ended in time.
    """
    control = Control(workspace.socket)
    pid = control.status().pid
    control.shutdown()
    if not wait_gone(pid, seconds):
        raise UnavailableError(f"The supervisor (process {pid}) was asked to end and still runs after {seconds:g} s: see {workspace.logs / LOG_NAME}.")
    return pid


def kill_children() -> None:
    """End the supervisors that this process started and that did not end when they were asked to."""
    for child in list(_children.values()):
        child.kill()
        child.wait()
    _children.clear()


def wait_gone(pid: int, seconds: float) -> bool:
    """Return True as soon as the process has ended, False after `seconds`; reaps it where it is a child of this one."""
    gone = _wait_pidfd(pid, seconds) if hasattr(os, "pidfd_open") else _wait_polling(pid, seconds)
    child = _children.get(pid)
    if gone and child is not None:
        child.wait()
        del _children[pid]
    return gone


def _wait_pidfd(pid: int, seconds: float) -> bool:
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    except OSError:
        return _wait_polling(pid, seconds)
    try:
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        return bool(poll.poll(seconds * 1000))
    finally:
        os.close(handle)


def _wait_polling(pid: int, seconds: float) -> bool:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        child = _children.get(pid)
        if child is not None and child.poll() is not None:
            return True
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(_STEP)
    return False
