"""Where programs send their failures: a port on the loopback interface and a key, the same over restarts where they can be."""

from __future__ import annotations

import errno
import re
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path

from nexoide.errors import NexoideError, NotFoundError, UnavailableError
from nexoide.incidents.documents import document, table
from nexoide.journal.storage import read_bytes, replace_file

HOST = "127.0.0.1"
BACKLOG = 1024
_KEY = re.compile(r"[0-9a-f]{32}\Z")


@dataclass(frozen=True, slots=True)
class Address:
    """A port and a key."""

    port: int
    key: str


def kept(path: Path) -> Address:
    """Return what an earlier supervisor wrote, port 0 and a new key where there is nothing of use."""
    try:
        found = table(document(read_bytes(path, limit=4096)))
    except (NexoideError, NotFoundError):
        found = {}
    port, key = found.get("port"), found.get("key")
    usable = isinstance(key, str) and _KEY.match(key)
    return Address(port if isinstance(port, int) and not isinstance(port, bool) and 0 < port < 65536 else 0, str(key) if usable else secrets.token_hex(16))


def keep(path: Path, address: Address) -> None:
    """Write them for the next supervisor, for our own eyes only."""
    replace_file(path, f'{{"port": {address.port}, "key": "{address.key}"}}\n'.encode(), new_mode=0o600)
    path.chmod(0o600)


def listen(port: int) -> tuple[socket.socket, str]:
    """Return a listening socket on the loopback interface and, where `port` was taken, one sentence; raises UnavailableError where there is none at all."""
    if port:
        try:
            return _bound(port), ""
        except OSError as error:
            why = "somebody else listens there" if error.errno == errno.EADDRINUSE else (error.strerror or "it cannot be used")
    try:
        found = _bound(0)
    except OSError as error:
        raise UnavailableError(f"No port on {HOST} can be listened on ({error.strerror}): programs cannot send their failures here.") from error
    return found, f"Port {port} could not be used ({why})" if port else ""


def _bound(port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named, or asyncio sets no TCP_NODELAY: 40 ms for each answer
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # else the port of a supervisor that just ended is taken for a minute
        made.bind((HOST, port))
        made.listen(BACKLOG)
        made.setblocking(False)
    except OSError:
        made.close()
        raise
    return made
