"""Programs that attach themselves (`nexoide.probe.attach()`): let in by a token that only their owner can read, never started or stopped by us."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from nexoide.errors import NexoideError, NotFoundError, RefusedError
from nexoide.journal.storage import read_bytes, replace_file
from nexoide.model.target import TargetStatus
from nexoide.supervisor.probe_wire import BadFrameError
from nexoide.workspace import Workspace

MAX_GUESTS = 32
TOKEN_NAME = "attach.token"  # noqa: S105 - the name of the file
_TOKEN = re.compile(rb"[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,63}")


class Guests:
    """Who attached itself, by name; `reserved` are the targets of the settings, whose names no guest may take."""

    def __init__(self, workspace: Workspace, reserved: Mapping[str, object], publish: Callable[[TargetStatus], None]) -> None:
        self._path = workspace.runtime / TOKEN_NAME
        self._reserved, self._publish = reserved, publish
        self._token = ""
        self._pids: dict[str, dict[int, TargetStatus]] = {}

    @property
    def path(self) -> Path:
        """The token's file (0600, in the workspace's private runtime folder)."""
        return self._path

    def open(self, known: Mapping[str, TargetStatus]) -> None:
        """Write the token, or go on with the one there is, so that programs find the next supervisor; nobody of before is attached now."""
        try:
            stored = read_bytes(self._path, limit=1024).strip()
        except (NotFoundError, NexoideError, OSError):
            stored = b""
        if not _TOKEN.fullmatch(stored):
            stored = secrets.token_hex(32).encode()
            self._path.unlink(missing_ok=True)
        replace_file(self._path, stored + b"\n", new_mode=0o600)
        self._path.chmod(0o600)
        self._token = stored.decode()
        for status in known.values():
            if not status.owned and status.state == "attached":
                self._publish(_left(status))

    def introduce(self, hello: Mapping[str, Any]) -> str | None:
        """Return the name under which a program that brings the token is let in; raises BadFrameError, saying what to mend."""
        if not self._token or not secrets.compare_digest(str(hello["token"]).encode("utf-8", "replace"), self._token.encode()):
            return None
        name = str(hello["target"])
        if not _NAME.fullmatch(name):
            raise BadFrameError("it attached itself under a name that is none: give attach() a target of at most 64 letters, digits, '.', '_' and '-'")
        if name in self._reserved:
            raise BadFrameError(f"it attached itself as {name}, which is a target that is started here: give attach() another target")
        if name not in self._pids and len(self._pids) >= MAX_GUESTS:
            raise BadFrameError(f"{MAX_GUESTS} other programs have attached themselves already")
        return name

    def known(self, name: str) -> bool:
        """Whether a program of that name has attached itself."""
        return name in self._pids

    def refuse(self, name: str, instead: str) -> None:
        """Raise RefusedError where a program attached itself: only who started it can do what was asked."""
        if self.known(name):
            raise RefusedError(f"{name} attached itself and was not started here: {instead}.")

    def attached(self, name: str, hello: Mapping[str, Any]) -> None:
        """A process is there."""
        if name in self._reserved:
            return
        status = TargetStatus(
            name=name,
            command=tuple(str(word)[:400] for word in hello.get("argv", ())[:64]),
            state="attached",
            pid=int(hello.get("pid", 0)),
            start_time=float(hello.get("start_time", 0.0)),
            python=str(hello.get("python", ""))[:32],
            note="attached itself: it was not started here",
            owned=False,
        )
        self._pids.setdefault(name, {})[status.pid] = status
        self._publish(status)

    def detached(self, name: str, hello: Mapping[str, Any]) -> None:
        """A process let go; with the last one the program is gone."""
        those = self._pids.get(name)
        status = those.pop(int(hello.get("pid", 0)), None) if those is not None else None
        if those and status is not None:
            self._publish(next(iter(those.values())))
        elif those is not None:
            del self._pids[name]
            if status is not None:
                self._publish(_left(status))


def _left(status: TargetStatus) -> TargetStatus:
    return TargetStatus(
        name=status.name, command=status.command, state="exited", python=status.python, note="it ended, or let go: it was not started here", owned=False
    )
