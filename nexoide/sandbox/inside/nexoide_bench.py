"""Runs inside the sandbox: a warm interpreter that forks for every job, so that a job costs a fork instead of a start.

Frames in and out are a length (4 bytes, big-endian) and JSON. A job's own process knows neither descriptor; what it
says comes through pipes that are read here, bounded. Nothing of the project is ever imported by this process itself.
Standard library only, Python 3.9 and later.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import struct
import sys
import time
from typing import Any

_PR_SET_DUMPABLE, _PR_SET_CHILD_SUBREAPER = 4, 36
_MAX_STREAM = 512 * 1024
_MAX_SAID = 4 * 1024 * 1024
_PATIENCE = 1.0
_TICK = 0.05


def main(asked: int, answers: int, warm: list[str]) -> None:
    """Answer jobs until the asking end is closed."""
    os.set_inheritable(asked, False)
    os.set_inheritable(answers, False)
    own = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120  (starts for every project: without pathlib)
    sys.path[:] = [entry for entry in sys.path if entry != own]
    sys.path.append(own)
    jobs = importlib.import_module("nexoide_jobs")
    found = [name for name in warm if _warm(name)]
    sys.path.remove(own)
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    _prctl(_PR_SET_DUMPABLE, 0)  # a job shares our user, and must not open our memory or descriptors through /proc
    gc.collect()
    gc.freeze()
    _answer(answers, {"ready": True, "warm": found, "version": list(sys.version_info[:3])})
    while True:
        job = _next(asked)
        if job is None:
            return
        if job["kind"] == "warm":
            _answer(answers, {"warm": _learn(job["modules"], job["cwd"])})
            continue
        pipes = [os.pipe() for _ in range(3)]
        began = time.monotonic()
        pid = os.fork()
        if pid == 0:
            os.close(asked)
            os.close(answers)
            _become(jobs, job, pipes, own)
            return
        for _, theirs in pipes:
            os.close(theirs)
        _answer(answers, _watch(pid, [ours for ours, _ in pipes], began + float(job["timeout"]), began))


def _become(jobs: Any, job: dict[str, Any], pipes: list[tuple[int, int]], own: str) -> None:
    """Be the job's process; returns only where the interpreter is to end as after a script."""
    os.setsid()
    _prctl(_PR_SET_DUMPABLE, 1)
    for ours, _ in pipes:
        os.close(ours)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(pipes[0][1], 1)
    os.dup2(pipes[1][1], 2)
    for descriptor in (nothing, pipes[0][1], pipes[1][1]):
        os.close(descriptor)
    if "random" in sys.modules:
        sys.modules["random"].seed()
    jobs.perform(job, pipes[2][1], own)


def _watch(pid: int, streams: list[int], deadline: float, began: float) -> dict[str, Any]:
    """Read what a job says until it has ended or its time is up; then end everything that it started."""
    kept = {stream: bytearray() for stream in streams}
    bounds = {streams[0]: _MAX_STREAM, streams[1]: _MAX_STREAM, streams[2]: _MAX_SAID}
    still = list(streams)
    status = None
    while status is None and time.monotonic() < deadline:
        _read(still, kept, bounds, min(_TICK, max(0.0, deadline - time.monotonic())) if still else 0.002)
        status = _ended(pid)
    seconds = time.monotonic() - began
    timed_out = status is None
    if status is None:
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
    end_descendants()
    until = time.monotonic() + _PATIENCE
    while still and time.monotonic() < until:
        _read(still, kept, bounds, 0.01)
    for stream in streams:
        os.close(stream)
    out, error, said = (bytes(kept[stream]).decode("utf-8", "backslashreplace") for stream in streams)
    code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)
    return {"exit": code, "seconds": seconds, "timed_out": timed_out, "out": out, "error": error, "said": said}


def _read(still: list[int], kept: dict[int, bytearray], bounds: dict[int, int], wait: float) -> None:
    for stream in select.select(still, [], [], wait)[0]:
        data = os.read(stream, 65536)
        if not data:
            still.remove(stream)
        kept[stream] += data[: max(0, bounds[stream] - len(kept[stream]))]


def _ended(pid: int) -> int | None:
    """Return a job's wait status, None while it runs; orphans that came to us meanwhile are reaped."""
    while True:
        found, status = os.waitpid(-1, os.WNOHANG)
        if found == pid:
            return status
        if found == 0:
            return None


def end_descendants() -> None:
    """Kill and reap everything below us, repeatedly: what is orphaned meanwhile becomes ours, as a sub-reaper."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        try:
            with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as stream:  # noqa: PTH123
                children = [int(word) for word in stream.read().split()]
        except OSError:
            children = []
        for child in children:
            try:
                os.kill(child, signal.SIGKILL)
            except OSError:
                continue
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.002)
        except ChildProcessError:
            return


def _warm(name: str) -> bool:
    """Import an installed module before any job needs it; says whether it is there."""
    guard = sys.modules["nexoide_guard"]
    _, error = guard.attempt(importlib.import_module, name)
    if error is None and name == "pytest":
        for plugin in sys.modules["_pytest.config"].default_plugins:
            guard.attempt(importlib.import_module, "_pytest." + plugin)
    return error is None


def _learn(names: list[str], project: str) -> list[str]:
    """Import what a job was seen to import, as far as it is installed and not the project's own; returns what is there now."""
    from importlib.machinery import PathFinder

    installed = [entry for entry in sys.path if entry and not entry.startswith(project + os.sep) and entry != project]
    path, sys.path[:] = list(sys.path), installed
    try:
        for name in names:
            top = name.partition(".")[0]
            try:
                known = top in sys.modules or PathFinder.find_spec(top, installed) is not None or top in sys.builtin_module_names
            except (ImportError, ValueError, AttributeError):
                continue
            if known and name not in sys.modules:
                _warm(name)
    finally:
        sys.path[:] = path
    gc.collect()
    gc.freeze()
    return [name for name in names if name in sys.modules]


def _prctl(option: int, value: int) -> None:
    try:
        import ctypes

        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)
    except (ImportError, OSError, AttributeError):
        return


def _next(asked: int) -> dict[str, Any] | None:
    head = _exactly(asked, 4)
    if head is None:
        return None
    body = _exactly(asked, struct.unpack(">I", head)[0])
    found: dict[str, Any] | None = json.loads(body) if body is not None else None
    return found


def _exactly(asked: int, count: int) -> bytes | None:
    data = b""
    while len(data) < count:
        part = os.read(asked, count - len(data))
        if not part:
            return None
        data += part
    return data


def _answer(answers: int, said: dict[str, Any]) -> None:
    body = json.dumps(said).encode()
    data = memoryview(struct.pack(">I", len(body)) + body)
    while data:
        data = data[os.write(answers, data) :]


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
