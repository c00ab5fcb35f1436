"""What git remembers of the journal: every commit of ours names the journal's head at that moment."""

from __future__ import annotations

import re

from nexoide.vcs.repository import Repository

_ANCHOR = re.compile(r"^(\d{1,15}):([0-9a-f]{64})$")


def git_anchors(repository: Repository) -> list[tuple[int, str]]:
    """Return (sequence number, hash) of every anchor found in the newest 1,000 commits."""
    found = []
    for value in repository.trailer_values("Nexoide-Journal", limit=1000):
        match = _ANCHOR.match(value.strip())
        if match:
            found.append((int(match[1]), match[2]))
    return found
