"""What a launcher prepares: a command line that confines itself, the descriptors it takes, and how it says that it has begun."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Protocol

from nexoide.sandbox.cgroup import Group
from nexoide.sandbox.profile import Profile

MAX_STATUS = 64 * 1024

# `echo 0` names the writing process itself; a group that cannot be joined ends the run instead of loosening it
_JOIN = 'n=$1; shift; while [ "$n" -gt 0 ]; do echo 0 > "$1" || exit 125; shift; n=$((n-1)); done; exec "$@"'


@dataclass(slots=True)
class Prepared:
    """A confined command ready to start; `close` must be called, whatever happened. `status` is our end of the launcher's status pipe."""

    argv: list[str]
    env: dict[str, str]
    status: int
    given: tuple[int, ...]
    ours: list[int] = field(default_factory=list)
    group: Group | None = None
    reaps: bool = True  # ends by itself once what it started has ended

    def close_given(self) -> None:
        """Close what the started process now holds itself."""
        for descriptor in self.ours:
            os.close(descriptor)
        self.ours.clear()

    def close(self) -> None:
        """Close everything and end what is left in the control group."""
        self.close_given()
        if self.status >= 0:
            os.close(self.status)
            self.status = -1
        if self.group is not None:
            self.group.close()

    def read_status(self) -> bytes:
        """Return what the launcher has said so far, without waiting."""
        os.set_blocking(self.status, False)
        said = b""
        while len(said) < MAX_STATUS:
            try:
                part = os.read(self.status, MAX_STATUS)
            except BlockingIOError:
                break
            if not part:
                break
            said += part
        return said


class Launcher(Protocol):
    """A way to confine a process."""

    name: str

    def prepare(self, profile: Profile) -> Prepared:
        """Return the confined command; raises UnavailableError where this launcher cannot be used here."""

    def started(self, status: bytes) -> str:
        """Return '' where the status says that the command was run confined, else one sentence why not."""


def plain(argv: list[str], env: dict[str, str]) -> Prepared:
    """Return a command that is trusted as it is, to be run with the same bounds on time and output."""
    status, theirs = os.pipe()
    return Prepared(argv, env, status, (theirs,), [theirs], reaps=False)


def memory_file(content: bytes) -> int:
    """Return a descriptor from which `content` can be read once, from the start."""
    descriptor = os.memfd_create("nexoide-sandbox")
    os.write(descriptor, content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def joining(group: Group | None, argv: list[str]) -> list[str]:
    """Return `argv` run inside `group`."""
    if group is None:
        return argv
    return ["/bin/sh", "-c", _JOIN, "sh", str(len(group.entrances)), *group.entrances, *argv]
