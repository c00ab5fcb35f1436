"""Frames of an exception that was raised in another process: `concurrent.futures` and `multiprocessing` bring them as text.

They attach a cause to the exception, whose only content is the traceback as the worker printed it. Where the exception was
really raised is in there, so it belongs to the exception itself.
"""

from __future__ import annotations

import re

from .frames import TAIL, place
from .redact import redact
from .values import instance_vars, type_module, type_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_TEXT = 64 << 10
MAX_SOURCE = 400
_KINDS = ("_RemoteTraceback", "RemoteTraceback")
_MODULES = ("concurrent.futures.process", "multiprocessing.pool", "billiard.pool", "billiard.einfo", "joblib.externals.loky.process_executor")
_BEGIN = "Traceback (most recent call last):"
_FRAME = re.compile(r'  File "([^"\n]{1,4096})", line (\d{1,9}), in ([^\n]{1,500})')


def is_remote(error: Any) -> bool:
    """Tell whether an exception is such a text."""
    return error is not None and type_name(type(error)) in _KINDS and type_module(type(error)) in _MODULES


def _text(error: Any) -> str:
    text = instance_vars(error).get("tb")
    return text[-MAX_TEXT:].rpartition(_BEGIN)[2] if type(text) is str else ""


def remote_place(error: Any) -> tuple[Any, ...]:
    """Return what tells where the exception behind such a text was raised."""
    return tuple(_FRAME.findall(_text(error))[-TAIL:])


def remote_frames(error: Any) -> list[dict[str, Any]]:
    """Return the frames in the text that `error` is, the raising one last; none where it is another exception."""
    if not is_remote(error):
        return []
    lines = _text(error).split("\n")
    found = []
    for number, line in enumerate(lines):
        frame = _FRAME.fullmatch(line)
        if frame is None:
            continue
        source = lines[number + 1] if number + 1 < len(lines) and lines[number + 1].startswith("    ") else ""
        path, _ = place(frame[1])
        found.append({"file": path, "line": int(frame[2]), "function": frame[3], "module": "", "source": redact(source.strip()[:MAX_SOURCE], code=True)})
    return found[-TAIL:]
