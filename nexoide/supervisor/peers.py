"""Which process is at the other end of a loopback connection, and of which target it is: asked of the kernel, not of the program."""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

MAX_KNOWN = 1024
KNOWN_SECONDS = 5.0
"""How long a port counts as that of the same process: the kernel does not give it to another one so soon."""
_TOKEN = b"NEXOIDE_PROBE_TOKEN="
_LOOPBACK = "0100007F"


class Peers:
    """Remembers, by port, who is connected; `target_of` maps a probe's token to a target."""

    def __init__(self, target_of: Callable[[str], str | None]) -> None:
        self._target_of = target_of
        self._known: OrderedDict[int, tuple[float, int, str]] = OrderedDict()

    def known(self, port: int) -> tuple[int, str] | None:
        """Return what `who` found out about a port a moment ago, None where it must be asked again."""
        found = self._known.get(port)
        return found[1:] if found is not None and time.monotonic() - found[0] <= KNOWN_SECONDS else None

    def who(self, port: int, own: int) -> tuple[int, str]:
        """Return pid and target of the process that is connected from `port` to our port `own`: 0 and "" where it cannot be known.

        Looks through all processes, which takes milliseconds; may be called from any thread.
        """
        known = self.known(port)
        if known is None:
            inode = _inode(port, own)
            pid = _owner(inode) if inode else 0
            known = (pid, self._target(pid) if pid else "")
            self._known[port] = (time.monotonic(), *known)
            while len(self._known) > MAX_KNOWN:
                self._known.popitem(last=False)
        return known

    def _target(self, pid: int) -> str:
        try:
            entries = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        except OSError:
            return ""
        token = next((entry.removeprefix(_TOKEN) for entry in entries if entry.startswith(_TOKEN)), b"")
        return self._target_of(token.decode("ascii", "replace")) or "" if token else ""


def _inode(port: int, own: int) -> str:
    """Return the inode of the socket at 127.0.0.1:`port` that is connected to 127.0.0.1:`own`, "" where there is none (proc(5), net/tcp)."""
    try:
        table = Path("/proc/net/tcp").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    local, remote = f"{_LOOPBACK}:{port:04X}", f"{_LOOPBACK}:{own:04X}"
    for line in table.splitlines()[1:]:
        fields = line.split()
        if len(fields) > 9 and fields[1] == local and fields[2] == remote:
            return fields[9]
    return ""


def _owner(inode: str) -> int:
    wanted = f"socket:[{inode}]"
    for entry in os.listdir("/proc"):  # noqa: PTH208
        if not entry.isdigit():
            continue
        try:
            folder = f"/proc/{entry}/fd"
            if any(os.readlink(f"{folder}/{number}") == wanted for number in os.listdir(folder)):  # noqa: PTH115, PTH208
                return int(entry)
        except OSError:
            continue
    return 0
