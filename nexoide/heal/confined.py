"""Failures that the sandbox itself causes: they say nothing of the program, so nothing is repaired for them."""

from __future__ import annotations

import re
from pathlib import Path

from nexoide.model.failure import Failure

_PATH = re.compile(r"'(?P<path>/[^'\n]{1,1000})'")
_NETWORK = frozenset({"gaierror", "URLError", "ConnectError", "NameResolutionError", "ClientConnectorError", "ClientConnectorDNSError", "MaxRetryError"})
_UNREACHABLE = re.compile(r"Network is unreachable|name resolution|Name or service not known|nodename nor servname|No address associated")


def caused(failure: Failure, root: Path) -> str:
    """Return a sentence where only the sandbox made the command fail; empty where the program would fail without it, too."""
    for raised in failure.exceptions[:4]:
        if raised.type in ("FileNotFoundError", "PermissionError", "NotADirectoryError"):
            found = _PATH.search(raised.message)
            if found is not None and _is_hidden(Path(found["path"]), root):
                return (
                    f"{found['path']} is there, and the command cannot see it where it is run: it is confined to {root}. "
                    "Name a folder that holds both, or give the command a copy inside."
                )
        if raised.type == "PermissionError" and any(frame.file.endswith(("/socket.py", "/multiprocessing/connection.py")) for frame in raised.frames[-2:]):
            return "The command opens a Unix socket, which the sandbox does not let through: what it does beyond that cannot be seen here."
    return ""


def without_network(failure: Failure) -> bool:
    """Say whether a failure is about a network: the command is run without one, but for its own."""
    return any(raised.type in _NETWORK or _UNREACHABLE.search(raised.message) for raised in failure.exceptions)


def _is_hidden(path: Path, root: Path) -> bool:
    try:
        return path.exists() and not path.resolve().is_relative_to(root) and not path.is_relative_to(root)
    except (OSError, RuntimeError):
        return False
