"""The process behind `WorkerPool`: reads jobs as length-prefixed JSON, runs allowed functions, answers the same way.

A frame is a 4-byte big-endian length and that many bytes of UTF-8 JSON, both ways. The functions that may be run are
named when the process starts; a job names one of them. Parsed trees stay warm in `trees`, keyed by path and sha256.
"""

from __future__ import annotations

import collections
import contextlib
import hashlib
import importlib
import json
import os
import resource
import signal
import struct
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    import libcst

MAX_FRAME = 8 << 20
MAX_TREES = 256

Job = Callable[[dict[str, Any]], dict[str, Any]]

# What a job may end with and the process lives on. Anything else ends the process, and the pool starts another one.
_JOB_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)


class TreeCache:
    """Parsed libcst trees of project files, by (path, sha256), the least recently used one dropped first."""

    def __init__(self, limit: int = MAX_TREES) -> None:
        self._limit = limit
        self._trees: collections.OrderedDict[tuple[str, str], libcst.Module] = collections.OrderedDict()

    def parse(self, path: str, data: bytes) -> libcst.Module:
        """Return the tree of `data`; raises libcst.ParserSyntaxError where libcst cannot read it."""
        import libcst

        key = (path, hashlib.sha256(data).hexdigest())
        tree = self._trees.get(key)
        if tree is None:
            tree = self._trees[key] = libcst.parse_module(data)
            while len(self._trees) > self._limit:
                self._trees.popitem(last=False)
        self._trees.move_to_end(key)
        return tree


trees = TreeCache()


def reparse(request: dict[str, Any]) -> dict[str, Any]:
    """Parse `request["source"]` (text) with libcst and say whether it comes back the same, and its statement count.

    It has no gate of its own: what may crash the parser crashes this process alone, which is what it is for.
    """
    data = str(request["source"]).encode()
    tree = trees.parse(str(request.get("path", "")), data)
    return {"same": tree.bytes == data, "statements": len(tree.body), "encoding": tree.encoding}


def _resolve(dotted: str) -> Job:
    module, _, name = dotted.partition(":")
    function: Job = getattr(importlib.import_module(module), name)
    return function


def _limit(memory_bytes: int) -> None:
    wanted = (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),  # it answers through a pipe and writes no file
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_AS, memory_bytes),
    )
    for which, most in wanted:
        with contextlib.suppress(ValueError, OSError):  # some kernels refuse to lower one of them
            resource.setrlimit(which, (most, most))


def _read(stream: BinaryIO) -> dict[str, Any] | None:
    head = stream.read(4)
    if len(head) < 4:
        return None
    (length,) = struct.unpack(">I", head)
    if length > MAX_FRAME:
        return None
    raw = stream.read(length)
    if len(raw) < length:
        return None
    job: dict[str, Any] = json.loads(raw)
    return job


def _write(stream: BinaryIO, answer: dict[str, Any]) -> None:
    raw = json.dumps(answer, ensure_ascii=True, separators=(",", ":")).encode()
    if len(raw) > MAX_FRAME:
        raw = json.dumps({"ok": False, "error": "TooLarge", "sentence": f"The answer has {len(raw)} bytes, at most {MAX_FRAME} are sent."}).encode()
    stream.write(struct.pack(">I", len(raw)) + raw)
    stream.flush()


def _run(functions: dict[str, Job], job: dict[str, Any]) -> dict[str, Any]:
    import libcst

    from nexoide.errors import NexoideError

    function = functions.get(str(job.get("function")))
    if function is None:
        return {"ok": False, "error": "UsageError", "sentence": f"{job.get('function')!r} is not one of this worker's functions."}
    # The pool kills a worker that is late; this is for the case that the pool itself is gone.
    signal.setitimer(signal.ITIMER_REAL, float(job.get("limit", 60.0)) + 1.0)
    try:
        return {"ok": True, "result": function(job["request"])}
    except NexoideError as error:
        return {"ok": False, "error": type(error).__name__, "sentence": error.sentence}
    except (libcst.ParserSyntaxError, libcst.CSTValidationError, *_JOB_ERRORS) as error:
        return {"ok": False, "error": type(error).__name__, "sentence": f"{type(error).__name__}: {str(error)[:300]}"}
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)


def main(argv: Sequence[str]) -> None:
    """Serve jobs until the input ends; `argv` is the memory limit in bytes and the allowed functions."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a stray print must not be read as a frame
    _limit(int(argv[0]))
    sys.setrecursionlimit(8000)  # walks of the deepest trees that the gate lets through
    import libcst

    functions = {dotted: _resolve(dotted) for dotted in argv[1:]}
    libcst.parse_module("warm = up(1)\n")
    for dotted in argv[1:]:
        warm = getattr(importlib.import_module(dotted.partition(":")[0]), "warm", None)
        if warm is not None:
            warm()
    _write(answers, {"ok": True, "ready": True, "pid": os.getpid()})
    source = sys.stdin.buffer
    while (job := _read(source)) is not None:
        _write(answers, _run(functions, job))
