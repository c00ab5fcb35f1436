"""What the control plane answers, turned into values or into the very error that the supervisor raised."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from os import getuid
from pathlib import Path

from nexoide import errors
from nexoide.errors import CorruptJournalError, NexoideError, RefusedError, UnavailableError
from nexoide.model import codec

HOST = "http://nexoide"
READ_SECONDS = 30.0
WORK_SECONDS = 300.0  # an approval commits, reloads and waits for every process
CONNECT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Refusal:
    """The body of every answer that is no success."""

    error: str
    kind: str = "NexoideError"
    exit_code: int = 1
    first_bad: int = 0


def kinds() -> dict[str, type[NexoideError]]:
    """Return the classes of the error tree by name."""
    return {name: value for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, NexoideError)}


def error_of(status: int, body: bytes) -> NexoideError:
    """Return the error that an answer carries: of the same class, with the same sentence."""
    try:
        refusal = codec.decode(body, Refusal)
    except NexoideError:
        return UnavailableError(f"The supervisor answered with status {status} and nothing that can be read: look at its log, then try again.")
    kind = kinds().get(refusal.kind, NexoideError)
    if issubclass(kind, CorruptJournalError):
        return kind(refusal.error, refusal.first_bad)
    return kind(refusal.error)


def absent(socket: Path) -> UnavailableError:
    """Return the error for a socket at which nobody listens."""
    return UnavailableError(f"No supervisor answers at {socket}: start it with 'nexoide up'.")


def check_socket(socket: Path) -> None:
    """Verify that the socket is ours and in a folder of ours that nobody else can write, so that nobody else answers.

    Raises UnavailableError where there is none, RefusedError where it is somebody else's.
    """
    try:
        folder, found = socket.parent.lstat(), socket.lstat()
    except OSError:
        raise absent(socket) from None
    if not stat.S_ISDIR(folder.st_mode) or folder.st_uid != getuid() or stat.S_IMODE(folder.st_mode) & 0o022:
        raise RefusedError(f"{socket.parent} is not a private folder of yours, so anybody could answer there: remove it, or set NEXOIDE_RUNTIME_DIR.")
    if not stat.S_ISSOCK(found.st_mode) or found.st_uid != getuid():
        raise RefusedError(f"{socket} is not a socket of yours, so somebody else would answer: remove it, then run 'nexoide up'.")
