"""Where a workspace keeps its things: found without importing anything heavy, so that every command can ask."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from nexoide.errors import RefusedError, UsageError

CONFIG_NAME = "nexoide.toml"
STATE_NAME = ".nexoide"
_MAX_SOCKET_PATH = 100  # sun_path holds 108 bytes on Linux and 104 on macOS, the terminating zero included


@dataclass(frozen=True, slots=True)
class Workspace:
    """One supervised folder. `root` is absolute and resolved; `state` survives reboots, `runtime` need not."""

    root: Path

    @property
    def config(self) -> Path:
        """The settings file."""
        return self.root / CONFIG_NAME

    @property
    def state(self) -> Path:
        """The journal, target logs and bytecode caches; ignored by git through a file of its own."""
        return self.root / STATE_NAME

    @property
    def journal(self) -> Path:
        """The journal's database."""
        return self.state / "journal.db"

    @property
    def logs(self) -> Path:
        """What targets and the supervisor print."""
        return self.state / "logs"

    @property
    def runtime(self) -> Path:
        """The sockets and the lock: short (a socket's path is), private, outside the repository."""
        base = os.environ.get("NEXOIDE_RUNTIME_DIR") or os.environ.get("XDG_RUNTIME_DIR")
        parent = Path(base) / "nexoide" if base else Path(tempfile.gettempdir()) / f"nexoide-{os.getuid()}"
        return parent / hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]

    @property
    def socket(self) -> Path:
        """The control plane's Unix socket."""
        return self.runtime / "control" / "api.sock"

    @property
    def probe_socket(self) -> Path:
        """Where probes of supervised programs connect; in a folder of its own, so that no sandbox sees the control plane."""
        return self.runtime / "probe" / "probe.sock"

    @property
    def lock(self) -> Path:
        """Held by the one supervisor of this workspace."""
        return self.runtime / "supervisor.lock"

    def make_folders(self) -> None:
        """Create the private folders; raises RefusedError where one is not ours alone."""
        for folder in (self.runtime.parent, self.runtime, self.socket.parent, self.probe_socket.parent, self.state, self.logs):
            make_private(folder)
        ignore = self.state / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
        if len(os.fsencode(self.probe_socket)) > _MAX_SOCKET_PATH:
            raise UsageError(f"The runtime folder {self.runtime} has too long a path for a socket: set NEXOIDE_RUNTIME_DIR to a shorter one.")


def make_private(folder: Path) -> None:
    """Create `folder` with mode 0700, or verify that it is a real folder of ours that nobody else may enter."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise RefusedError(f"{folder} is not a folder (a link or a file): remove it, or set NEXOIDE_RUNTIME_DIR to another place.")
    if found.st_uid != os.getuid():
        raise RefusedError(f"{folder} belongs to user {found.st_uid}, not to you: remove it, or set NEXOIDE_RUNTIME_DIR to another place.")
    if stat.S_IMODE(found.st_mode) & 0o077:
        folder.chmod(0o700)


def find_workspace(start: Path | None = None) -> Workspace | None:
    """Return the nearest workspace at or above `start` (default: the current folder), or None."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / CONFIG_NAME).is_file() or (folder / STATE_NAME / "journal.db").is_file():
            return Workspace(folder)
    return None


def require_workspace(start: Path | None = None) -> Workspace:
    """Return the nearest workspace; raises UsageError, saying how to make one, where there is none."""
    found = find_workspace(start)
    if found is None:
        here = (start or Path.cwd()).resolve()
        raise UsageError(f"No nexoide workspace at or above {here}: run 'nexoide init' here, or 'nexoide demo' to see one.")
    return found
