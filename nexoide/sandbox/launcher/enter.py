"""Confines itself and becomes the command: what runs where there is no bubblewrap.

    launcher   waits, and passes the exit status on; dies with the supervisor
    └── first  process 1 of the run's own process-id namespace: reaps, and takes all others along when it ends
        └── the command, after resource limits, capabilities, no_new_privs, Landlock and the system-call filter

What could not be had is written to the status descriptor; a layer that the self-test saw hold and that fails now ends
the run with 125 instead of loosening it.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import time
from typing import Any, NoReturn

from nexoide.sandbox.launcher import landlock, namespaces, syscalls

REFUSED, NOT_FOUND = 125, 127
_PATIENCE = 2.0


class _Ended(BaseException):
    """The launcher is gone: everything here ends with it."""


def main(descriptor: int) -> NoReturn:
    """Run the specification that can be read from `descriptor`."""
    spec = json.loads(_read_all(descriptor))
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)
    if _has_ended(spec["status"], select.POLLERR):
        os._exit(REFUSED)  # the supervisor died before we asked to die with it
    os.set_inheritable(spec["status"], False)
    syscalls.prctl(syscalls.PR_SET_CHILD_SUBREAPER, 1)
    layers: namespaces.Layers = dict.fromkeys(spec["withheld"], namespaces.WITHHELD)
    namespaces.leave_host(layers)
    alive = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(alive[1])
        _first(spec, layers, alive[0])
    code = _status_of(child)
    _end_descendants()
    os._exit(code)


def _first(spec: dict[str, Any], layers: namespaces.Layers, launcher: int) -> NoReturn:
    own_processes = layers["process namespace"] == ""
    if own_processes:
        syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)
    else:
        signal.signal(signal.SIGTERM, _stop)
        syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGTERM)
        syscalls.prctl(syscalls.PR_SET_CHILD_SUBREAPER, 1)
    if _has_ended(launcher, select.POLLHUP):
        os._exit(REFUSED)  # the launcher died before we asked to die with it
    os.close(launcher)
    own = os.getpid()
    code = REFUSED
    try:
        namespaces.arrange_mounts(layers, spec)
        child = os.fork()
        if child == 0:
            _become(spec, layers, own)
        os.close(spec["status"])
        code = _status_of(child)
    except _Ended:
        pass
    except OSError as error:
        _say(f"The sandbox could not be set up: {error}.")
    if not own_processes:
        _end_descendants()
    os._exit(code)


def _become(spec: dict[str, Any], layers: namespaces.Layers, parent: int) -> NoReturn:
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(REFUSED)
        _limit(spec["limits"])
        own_network = layers["network namespace"] == ""
        abi = _confine(spec, layers, own_network=own_network)
        missing = [name for name in spec["required"] if layers.get(name, "not tried")]
        said = {"layers": layers, "landlock": abi, "missing": missing}
        os.write(spec["status"], json.dumps(said).encode())
        if missing:
            _say(f"Refused: {', '.join(missing)} held when the sandbox was tested and does not now.")
            os._exit(REFUSED)
        cwd = spec["cwd"] if layers.get("read-only root") == "" else spec["folder"]
        os.chdir(cwd)
        os.execvpe(spec["command"][0], spec["command"], spec["env"])  # noqa: S606
    except OSError as error:
        _say(f"{spec['command'][0]} cannot be run in the sandbox: {error}.")
    finally:
        os._exit(NOT_FOUND)


def _confine(spec: dict[str, Any], layers: namespaces.Layers, *, own_network: bool) -> int:
    namespaces.attempt(layers, "capabilities", syscalls.drop_capabilities)
    namespaces.attempt(layers, "no new privileges", syscalls.prctl, syscalls.PR_SET_NO_NEW_PRIVS, 1)
    writable = [spec["folder"], spec["cwd"], *spec["writable"], "/dev/shm"]  # noqa: S108
    if layers.get("own /dev/shm", "none") != "":
        writable.remove("/dev/shm")  # noqa: S108
    if layers.get("read-only root") != "" and spec["cwd"] != spec["folder"]:
        writable.remove(spec["cwd"])  # the original is still there: it stays closed
    namespaces.attempt(layers, "landlock", landlock.restrict, spec["readable"] + ["/proc"], writable, spec["devices"])
    program = bytes.fromhex(spec["filter"] if own_network else spec["filter_without_network"])
    if program:
        namespaces.attempt(layers, "system-call filter", syscalls.filter_calls, program)
    else:
        layers["system-call filter"] = "unknown architecture"
    return landlock.version() if layers["landlock"] == "" else 0


def _limit(limits: dict[str, int]) -> None:
    for name, value in limits.items():
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        wanted = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (wanted, wanted))


def _status_of(child: int) -> int:
    """Reap until `child` has ended; returns its exit code, 128 + n where signal n ended it."""
    while True:
        pid, status = os.waitpid(-1, 0)
        if pid == child:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code


def _end_descendants() -> None:
    """Kill and reap everything below us, repeatedly: what is orphaned meanwhile becomes ours, as a sub-reaper."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        for child in _children():
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:
                continue
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.002)
        except ChildProcessError:
            return


def _children() -> list[int]:
    own = os.getpid()
    try:
        descriptor = os.open(f"/proc/{own}/task/{own}/children", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return []
    return [int(word) for word in _read_all(descriptor).split()]


def _read_all(descriptor: int) -> bytes:
    with open(descriptor, "rb") as stream:
        return stream.read()


def _has_ended(pipe: int, sign: int) -> bool:
    """Return whether the process at a pipe's other end is gone: a reader's end shows as POLLERR, a writer's as POLLHUP."""
    waiting = select.poll()
    waiting.register(pipe, 0)
    return any(event & sign for _, event in waiting.poll(0))


def _stop(_signal: int, _frame: object) -> NoReturn:
    raise _Ended


def _say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()
