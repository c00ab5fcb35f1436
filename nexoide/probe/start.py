"""Starts the probe in this process: the link, the hooks, and what a fork and the end of the program need."""

from __future__ import annotations

import _thread
import atexit
import os
import sys
import time

from . import hooks, sources
from .guard import quietly
from .imports import Finder, offer
from .link import Link

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Optional

VERSION = 3
WARM_S = 1.0
FLUSH_S = 1.0
PUBLIC = "nexoide.probe"
AGAIN_S = (1.0, 5.0, 30.0)
"""When it is looked after hooks that the program has replaced: programs set theirs as they begin."""

_link: Optional[Link] = None
_again: list[float] = []


def start() -> bool:
    """Start once, and remember from now on what the workspace's modules are executed from.

    Returns False, and does nothing, where neither NEXOIDE_PROBE_SOCKET is set nor NEXOIDE_PROBE, which asks for a search, or with
    NEXOIDE_PROBE_FILE for a file.
    """
    path = os.environ.get("NEXOIDE_PROBE_SOCKET")
    if _link is not None or not (path or wanted()):
        return False
    offer(PUBLIC)
    if not path and os.environ.get("NEXOIDE_PROBE_FILE"):
        from .filelink import FileLink

        begin(FileLink(os.environ["NEXOIDE_PROBE_FILE"]))
        return True
    if path:
        root = os.environ.get("NEXOIDE_PROBE_ROOT")
        if root:
            sources.install(root)
        for other in filter(None, os.environ.get("NEXOIDE_PROBE_ROOTS", "").split(os.pathsep)):
            sources.install(other)
        begin(Link(path, hello, receive, tick))
        if "NEXOIDE_PROBE_ROOTS" in os.environ or os.environ.get("NEXOIDE_PROBE_REPLAY") == "1":  # whoever reloads on saves, or replays, sets it
            _thread.start_new_thread(quietly, (_warm,))
    else:
        from .attachment import seek

        seek()
    return True


def _warm() -> None:
    """Import the engine when the program has begun, so that the first save does not wait for it."""
    time.sleep(WARM_S)
    from . import holding
    from .reload import transaction

    assert transaction
    if holding.wanted():
        holding.ready()


def wanted() -> bool:
    """Tell whether the environment asks for the probe of a program that nexoide does not start."""
    return os.environ.get("NEXOIDE_PROBE", "").lower() not in ("", "0", "no", "off", "false")


def current() -> Optional[Link]:
    """Return the link of this process, None where there is none yet."""
    return _link


def begin(link: Link) -> None:
    """Make a link that of this process and let it run."""
    global _link, _again
    _link, _again = link, [time.monotonic() + seconds for seconds in AGAIN_S]
    hooks.install(link, Finder())
    atexit.register(_finish, link)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=_unless_replaying(link.before_fork), after_in_parent=_unless_replaying(link.after_fork_parent), after_in_child=_forked)
    link.start()


def _replaying() -> bool:
    replay = sys.modules.get(f"{__package__}.replay")
    return replay is not None and bool(replay.forking)


def _unless_replaying(function: Callable[[], None]) -> Callable[[], None]:
    """Return what does nothing at a fork of our own: it is made on the link's thread, and its copy has no link."""

    def called() -> None:
        if not _replaying():
            function()

    return called


def _forked() -> None:
    if _replaying():
        return
    commands = sys.modules.get(__package__ + ".commands")
    if commands is not None:
        quietly(commands.forked)
    routes = sys.modules.get(f"{__package__}.routes")
    if routes is not None:
        quietly(routes.forked)
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


def receive(message: dict[str, Any]) -> None:
    """Carry out one command of the supervisor."""
    from .commands import receive

    if _link is not None:
        receive(message, _link.send)


def tick() -> Optional[float]:
    """Do what is due; returns in how many seconds to be called again, None for not at all."""
    link = _link
    if link is None:
        return None
    found = [_look_again(link)]
    for name in ("commands", "routes"):
        module = sys.modules.get(f"{__package__}.{name}")
        if module is not None:
            found.append(module.tick(link.send))
    wanted = [seconds for seconds in found if seconds is not None]
    return min(wanted) if wanted else None


def _look_again(link: Link) -> Optional[float]:
    """Hook what was replaced, and have what the first failure needs imported by then; returns when to look the next time."""
    now = time.monotonic()
    if _again and now >= _again[0]:
        _again.pop(0)
        quietly(hooks.again, link)
        hooks.ready()
    return max(0.01, _again[0] - now) if _again else None


def _finish(link: Link) -> None:
    """Deliver what is queued before the interpreter ends, with the failure that ended it, where a hook did not see it."""
    quietly(hooks.last, link)
    routes = sys.modules.get(f"{__package__}.routes")
    quietly(link.flush, FLUSH_S, always=routes is not None and routes.finish())
