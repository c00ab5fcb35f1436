"""Failures that the sandbox itself causes: they say nothing of the program, so nothing is repaired for them."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath

from nexoide.heal.copying import left_out
from nexoide.model.failure import Failure, Raised

_PATH = re.compile(r"'(?P<path>[^'\n]{1,1000})'")
_MODULE = re.compile(r"No module named '(?P<name>[\w.]{1,300})'")
_MISSING = frozenset({"FileNotFoundError", "PermissionError", "NotADirectoryError"})
_NETWORK = frozenset({"gaierror", "URLError", "ConnectError", "NameResolutionError", "ClientConnectorError", "ClientConnectorDNSError", "MaxRetryError"})
_UNREACHABLE = re.compile(r"Network is unreachable|name resolution|Name or service not known|nodename nor servname|No address associated")


def caused(failure: Failure, root: Path) -> str:
    """Return a sentence where only the sandbox made the command fail; empty where the program would fail without it, too."""
    for raised in failure.exceptions[:4]:
        hidden = _hidden(raised, root)
        if hidden:
            return hidden
        if raised.type == "PermissionError" and any(frame.file.endswith(("/socket.py", "/multiprocessing/connection.py")) for frame in raised.frames[-2:]):
            return "The command opens a Unix socket, which the sandbox does not let through: what it does beyond that cannot be seen here."
    return ""


def without_input(failure: Failure, typed: str) -> str:
    """Return a sentence where a command reads its input and was given none; empty where that is not what failed."""
    raised = failure.exceptions[0] if failure.exceptions else None
    if raised is None or (raised.type, raised.message) != ("EOFError", "EOF when reading a line") or "<" in typed or "|" in typed:
        return ""
    return f"The command reads its input, and there is none where it is run: write it as \"printf 'yes\\n' | {typed}\", or with '<' and a file of the folder."


def without_network(failure: Failure) -> bool:
    """Say whether a failure is about a network: the command is run without one, but for its own."""
    return any(raised.type in _NETWORK or _UNREACHABLE.search(raised.message) for raised in failure.exceptions)


def _hidden(raised: Raised, root: Path) -> str:
    """Return a sentence where what was not found is there, and out of the command's reach."""
    try:
        if raised.type in _MISSING:
            found = _PATH.search(raised.message)
            return _beyond(Path(os.path.normpath(root / found["path"])), root) if found is not None else ""
        module = _MODULE.match(raised.message) if raised.type == "ModuleNotFoundError" else None
        return _beyond_import(module["name"], root) if module is not None else ""
    except (OSError, RuntimeError, ValueError):
        return ""


def _beyond(path: Path, root: Path) -> str:
    if not path.exists():
        return ""
    if path.is_relative_to(root):
        cut = left_out(root, path)
        return _not_copied(cut, root) if cut is not None else ""
    if path.resolve().is_relative_to(root):
        return ""
    return (
        f"{path} is there, and the command cannot see it where it is run: it is confined to {root}. "
        "Name a folder that holds both, or give the command a copy inside."
    )


def _beyond_import(name: str, root: Path) -> str:
    """Look for a module as the program's own folder has it: a link that leads out of the folder is in no copy."""
    place = PurePosixPath(*name.split("."))
    for path in (root / place, root / f"{place}.py"):
        cut = left_out(root, path) if path.exists() else None
        if cut is not None:
            return _not_copied(cut, root)
    return ""


def _not_copied(cut: Path, root: Path) -> str:
    why = f"is a link that leads out of {root}" if cut.is_symlink() else "is left out of the copy on which the command is run"
    return f"{cut.relative_to(root)} {why}: the command cannot see it there. Put a copy of what it needs into the folder."
