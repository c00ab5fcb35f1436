"""Makes a failed call again in a forked copy of this process, with and without a patch; the process itself stays as it is.

The copy has all of the live state, and none of the way out: its descriptors are closed, what would open, connect, start or
remove anything is refused, an alarm ends it. Measured on a process of 243 MB with 8 threads: 9 ms.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time

from . import holding
from .messages import BadMessage, files_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from .holding import Held
    from .messages import Wanted

LEVELS = 2
SECONDS = 1.0
MAX_SECONDS = 5.0
MAX_ANSWER = 64 << 10
MAX_RESIDENT = 4 << 30
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096

forking = False
"""Whether a fork that is under way is ours: then the link neither stops for it nor begins anew in the copy."""


def replay(message: dict[str, Any]) -> dict[str, Any]:
    """Carry out the command: a row for each call that was made again, the innermost first; raises BadMessage where it is none."""
    files = files_of(message)
    error, seconds = _error_of(message.get("error")), message.get("seconds", SECONDS)
    if type(seconds) not in (int, float) or not 0 < seconds <= MAX_SECONDS:
        raise BadMessage(f"seconds must be more than 0 and at most {MAX_SECONDS:g}")
    holding.ready()
    why = _unfit()
    held = holding.find(*error) if not why else None
    if held is None:
        return _answer([], why or "what the failed call was given is not kept any more")
    return _answer(_rows(held, files, float(seconds)), "")


def _rows(held: Held, files: list[Wanted], seconds: float) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for level, call in enumerate(held.calls):
        if len(rows) == LEVELS:
            break
        runs = [_Run(held, level, files, seconds)]
        if level not in held.baseline:
            runs.append(_Run(held, level, [], seconds))
        found = [run.result() for run in runs]
        if len(found) > 1:
            held.baseline[level] = found[1]
        rows.append({"function": call.code.co_name, "line": call.line, "before": held.baseline[level], "after": found[0]})
        if found[0]["outcome"] == "raised":
            break
    return rows


def _answer(rows: list[dict[str, Any]], why: str) -> dict[str, Any]:
    state = "replayed" if rows else "not_replayable"
    return {"ok": True, "state": state, "changed": [], "notes": [why] if why else [], "error": "", "replays": rows}


def _error_of(entry: Any) -> tuple[str, str, int]:
    if type(entry) is not dict or set(entry) != {"type", "file", "line"} or type(entry["type"]) is not str or type(entry["file"]) is not str:
        raise BadMessage("error must have type, file and line")
    if type(entry["line"]) is not int:
        raise BadMessage("the line of an error must be a number")
    return entry["type"], entry["file"], entry["line"]


def _unfit() -> str:
    """Return why this process is not forked for a replay, "" where it may be."""
    if not hasattr(os, "fork"):
        return "this platform cannot fork"
    enabled = getattr(sys, "_is_gil_enabled", None)
    if enabled is not None and not enabled():
        return "this interpreter runs without its global lock"
    handler = signal.getsignal(signal.SIGCHLD)
    if handler not in (signal.SIG_DFL, signal.SIG_IGN, None):
        return "the program watches for the end of its children, and would see the copy's"
    if _resident() > MAX_RESIDENT:
        return f"the program takes more than {MAX_RESIDENT >> 30} GiB of memory, and copying its page tables would hold it up"
    cuda = sys.modules.get("torch.cuda")
    if cuda is not None and getattr(cuda, "_initialized", False):
        return "the program uses a GPU, whose state no fork can copy"
    return ""


def _resident() -> int:
    try:
        with open("/proc/self/statm", "rb") as stream:
            return int(stream.read().split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):
        return 0


class _Run:
    """One copy of the process that makes one call again, and the pipe through which it answers."""

    def __init__(self, held: Held, level: int, files: list[Wanted], seconds: float) -> None:
        self._until = time.monotonic() + seconds + 0.5
        self._began = time.monotonic()
        self._reader, writer = os.pipe()
        from . import replayed

        self._pid = _fork()
        if self._pid == 0:
            replayed.run(held, level, files, writer, seconds)
        os.close(writer)

    def result(self) -> dict[str, Any]:
        """Wait for the answer; the copy is gone afterwards, whatever it did."""
        data = b""
        try:
            while len(data) < MAX_ANSWER:
                left = self._until - time.monotonic()
                if left <= 0 or not select.select([self._reader], [], [], left)[0]:
                    break
                part = os.read(self._reader, 1 << 16)
                if not part:
                    break
                data += part
        finally:
            os.close(self._reader)
            _end(self._pid)
        found = _read(data)
        found["ms"] = round((time.monotonic() - self._began) * 1000, 3)
        return found


def _fork() -> int:
    global forking  # noqa: PLW0603
    import warnings

    forking = True
    try:
        with warnings.catch_warnings():  # 3.12 warns of a fork with threads, which is what this copy is made for
            warnings.simplefilter("ignore")
            return os.fork()
    finally:
        forking = False


def _end(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError:
        pass
    try:
        os.waitpid(pid, 0)
    except OSError:
        pass  # the program waits for any child, and was faster


def _read(data: bytes) -> dict[str, Any]:
    import json

    try:
        found: Optional[Any] = json.loads(data)
    except ValueError:
        found = None
    if type(found) is not dict or type(found.get("outcome")) is not str:
        return {"outcome": "not replayable", "why": "it did not end in time: it may wait for a lock that another thread holds"}
    return found
