"""Starts the probe in this process: the link, the hooks, and what a fork and the end of the program need."""

from __future__ import annotations

import _thread
import atexit
import os
import sys

from . import hooks
from .guard import quietly
from .imports import Finder
from .link import Link

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

VERSION = 1
FLUSH_S = 1.0

_link: Optional[Link] = None


def start() -> bool:
    """Start once; returns False, and does nothing, where NEXOIDE_PROBE_SOCKET is not set."""
    global _link  # noqa: PLW0603
    path = os.environ.get("NEXOIDE_PROBE_SOCKET")
    if not path or _link is not None:
        return False
    link = _link = Link(path, hello, _receive, _tick)
    hooks.install(link, Finder())
    atexit.register(_finish, link)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=link.before_fork, after_in_parent=link.after_fork_parent, after_in_child=_forked)
    link.start()
    return True


def _forked() -> None:
    commands = sys.modules.get(__package__ + ".commands")
    if commands is not None:
        quietly(commands.forked)
    if _link is not None:
        _link.after_fork_child()


def hello() -> dict[str, Any]:
    """Return the first message of a connection: who this process is."""
    return {
        "t": "hello",
        "v": VERSION,
        "token": os.environ.get("NEXOIDE_PROBE_TOKEN", ""),
        "target": os.environ.get("NEXOIDE_PROBE_TARGET", ""),
        "pid": os.getpid(),
        "start_time": start_time(),
        "python": "{}.{}.{}".format(*sys.version_info[:3]),
        "implementation": str(sys.implementation.name),
        "free_threaded": free_threaded(),
        "executable": sys.executable or "",
        "argv": _redacted_argv(),
        "cwd": _cwd(),
    }


def free_threaded() -> bool:
    """Tell whether this interpreter runs without its global lock."""
    enabled = getattr(sys, "_is_gil_enabled", None)
    return enabled is not None and not enabled()


def start_time() -> float:
    """Return when this process started, in clock ticks since boot (field 22 of /proc/self/stat); 0.0 where unknown."""
    try:
        with open("/proc/self/stat", "rb") as stream:
            return float(stream.read().rpartition(b")")[2].split()[19])
    except (OSError, ValueError, IndexError):
        return 0.0


def _cwd() -> str:
    try:
        return os.getcwd()
    except OSError:
        return ""


def _redacted_argv() -> list[str]:
    words = getattr(sys, "orig_argv", None) or getattr(sys, "argv", None) or []
    from .redact import redact_argv

    return redact_argv([str(word)[:4096] for word in list(words)[:256]])


def _receive(message: dict[str, Any]) -> None:
    from .commands import receive

    if _link is not None:
        receive(message, _link.send)


def _tick() -> Optional[float]:
    commands = sys.modules.get(__package__ + ".commands")
    if commands is None or _link is None:
        return None
    wanted: Optional[float] = commands.tick(_link.send)
    return wanted


def _finish(link: Link) -> None:
    """Deliver what is queued before the interpreter ends, with the failure that ended it, where a hook did not see it."""
    last = getattr(sys, "last_exc", None) or getattr(sys, "last_value", None)
    if last is not None:
        hooks.report(link, last, None, "main", _thread.get_ident())
    quietly(link.flush, FLUSH_S)
