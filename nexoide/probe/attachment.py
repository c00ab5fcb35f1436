"""Attaches a program that nexoide did not start to the supervisor of the workspace it is in.

Only what belongs to this user alone is trusted: the supervisor's runtime folder is private, and the token in it can be read
by nobody else. Nothing is raised where there is no supervisor; the link goes on looking for one, at most every two seconds.
"""

from __future__ import annotations

import os
import stat
import sys
import time

from . import sources, start
from .link import Link

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Optional, Union

TOKEN_NAME = "attach.token"
CONFIG_NAME = "nexoide.toml"
JOURNAL = os.path.join(".nexoide", "journal.db")
ANSWER_S = 1.0
MAX_TOKEN = 256
MAX_NAME = 64


class Place:
    """Where a supervisor may be: its socket for probes, the file with its token, the workspace's root."""

    __slots__ = ("root", "socket", "token_file")

    def __init__(self, socket: str, token_file: str, root: str) -> None:
        self.socket, self.token_file, self.root = socket, token_file, root


class Attachment(Link):
    """A link that looks for its supervisor each time it connects, since that may come later than the program.

    `token` is that of a start by the supervisor, where the environment still has it; else the one of the place is read.
    """

    def __init__(self, socket: str, token: str, target: str) -> None:
        self._given, self._token, self._target = socket, token, target
        self._folders = _folders()
        self._shown = ""
        super().__init__(socket, self.first_message, start.receive, start.tick)

    def place(self) -> Optional[Place]:
        """Return where the supervisor may be by now; what is imported from its workspace is remembered from then on."""
        found = find(self._given, self._folders)
        if found is not None and found.root:
            sources.install(found.root)
        return found

    def first_message(self) -> dict[str, Any]:
        """Return the first message of a connection: who this is, and whether nexoide started it."""
        return {**start.hello(), "token": self._shown, "target": self._target, **({} if self._token else {"attached": True})}

    def _connect(self) -> bool:
        place = self.place()
        if place is None:
            return False
        self._shown = self._token or _read_token(place)
        self._path = place.socket
        return bool(self._shown) and super()._connect()


def seek(socket: str = "", token: str = "", target: str = "") -> Attachment:
    """Start a link that looks for a supervisor by itself, and do not wait for it."""
    if not socket:
        socket, token = os.environ.get("NEXOIDE_PROBE_SOCKET", ""), token or os.environ.get("NEXOIDE_PROBE_TOKEN", "")
    link = Attachment(socket, token, _name(target or os.environ.get("NEXOIDE_PROBE_TARGET", "")))
    link.place()
    start.begin(link)
    return link


def attach(socket: Union[str, os.PathLike[str], None] = None, *, token: Optional[str] = None, target: Optional[str] = None) -> bool:
    """Attach this program to a supervisor; returns whether one has taken it, within a second.

    `socket` is a workspace's folder or its socket for probes; without it NEXOIDE_PROBE_SOCKET is used, or the nearest
    workspace at or above the current folder, else above the program's script. `target` is the name to appear under, that
    of the script by default. Where no supervisor is there yet the answer is False and the search goes on by itself.
    """
    link = start.current()
    if link is None:
        given = os.path.abspath(os.fspath(socket)) if socket is not None else ""
        link = seek(given, token or "", target or "")
        place = link.place()
        if place is None or not os.path.exists(place.socket):
            return False
    until = time.monotonic() + ANSWER_S
    while not link.welcome and time.monotonic() < until:
        time.sleep(0.002)
    return link.welcome


def find(given: str, folders: list[str]) -> Optional[Place]:
    """Return where the supervisor of a socket, of a workspace's folder, or of the nearest workspace of `folders` may be."""
    if given and not os.path.isdir(given):
        runtime = os.path.dirname(os.path.dirname(given))
        return Place(given, os.path.join(runtime, TOKEN_NAME), os.environ.get("NEXOIDE_PROBE_ROOT", ""))
    for folder in [given] if given else folders:
        root = _workspace(folder)
        if root:
            runtime = _runtime(root)
            return Place(os.path.join(runtime, "probe", "probe.sock"), os.path.join(runtime, TOKEN_NAME), root)
    return None


def _folders() -> list[str]:
    """Return where the search begins: the current folder, then that of the program's script."""
    found = []
    try:
        found.append(os.getcwd())
    except OSError:
        pass
    words = getattr(sys, "argv", None)
    script = words[0] if type(words) is list and words and type(words[0]) is str else ""
    if os.path.isfile(script):
        found.append(os.path.dirname(os.path.abspath(script)))
    return found


def _workspace(folder: str) -> str:
    folder = os.path.realpath(folder)
    while True:
        if os.path.isfile(os.path.join(folder, CONFIG_NAME)) or os.path.isfile(os.path.join(folder, JOURNAL)):
            return folder
        above = os.path.dirname(folder)
        if above == folder:
            return ""
        folder = above


def _runtime(root: str) -> str:
    """Return the folder of a workspace's sockets: the same as `nexoide.workspace` has it, of which nothing can be imported here."""
    from hashlib import sha256

    base = os.environ.get("NEXOIDE_RUNTIME_DIR") or os.environ.get("XDG_RUNTIME_DIR")
    parent = os.path.join(base, "nexoide") if base else os.path.join(_temporary(), f"nexoide-{os.getuid()}")
    return os.path.join(parent, sha256(os.fsencode(root)).hexdigest()[:16])


def _temporary() -> str:
    """Return the folder for temporary files, chosen as the tempfile module does, which is not imported for it."""
    for folder in (*(os.environ.get(name, "") for name in ("TMPDIR", "TEMP", "TMP")), "/tmp", "/var/tmp", "/usr/tmp"):
        if folder and os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK):
            return os.path.abspath(folder)
    return os.curdir


def _ours(path: str, kind: Callable[[int], bool]) -> bool:
    """Tell whether something is of a kind, belongs to this user, and lies in a folder that nobody else may enter."""
    try:
        found, folder = os.lstat(path), os.lstat(os.path.dirname(path))
    except (OSError, ValueError):
        return False
    private = stat.S_ISDIR(folder.st_mode) and folder.st_uid == os.getuid() and not folder.st_mode & 0o077
    return private and kind(found.st_mode) and found.st_uid == os.getuid()


def _read_token(place: Place) -> str:
    """Return the token of a place, "" where the place is not private to this user, so that nobody else's gets to know anything."""
    if not _ours(place.token_file, stat.S_ISREG) or not _ours(place.socket, stat.S_ISSOCK):
        return ""
    try:
        with open(place.token_file, encoding="ascii", errors="replace") as stream:
            return stream.read(MAX_TOKEN).strip()
    except OSError:
        return ""


def _name(wanted: str) -> str:
    """Return a target's name of the characters that one may have, from what was asked for or from what runs."""
    if not wanted:
        words = getattr(sys, "argv", None)
        script = words[0] if type(words) is list and words and type(words[0]) is str else ""
        wanted = os.path.basename(script)
        if wanted in ("__main__.py", "__init__.py"):
            wanted = os.path.basename(os.path.dirname(os.path.abspath(script)))
        wanted = wanted[:-3] if wanted.endswith(".py") else wanted
    kept = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "-" for letter in wanted)
    return kept.lstrip(".-")[:MAX_NAME] or "python"
