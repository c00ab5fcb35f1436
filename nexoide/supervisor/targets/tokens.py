"""The secret that each start of a target is given, by which its probes and its processes are known."""

from __future__ import annotations

import json
import logging
import secrets
from pathlib import Path

from nexoide.errors import NexoideError, NotFoundError
from nexoide.journal.storage import read_bytes, replace_file

_log = logging.getLogger(__name__)


class Tokens:
    """The secret of each target's current start, in a file (0600) so that probes reconnect to the next supervisor."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._of: dict[str, str] = {}
        try:
            stored = json.loads(read_bytes(path, limit=1 << 20))
        except NotFoundError:
            return
        except (NexoideError, ValueError, RecursionError) as error:
            _log.warning("the probes of running targets cannot attach again, %s is unreadable: %s", path, error)
            return
        if isinstance(stored, dict):
            self._of = {str(name): token for name, token in stored.items() if isinstance(token, str) and len(token) == 64}

    def target_of(self, token: str) -> str | None:
        """Return the target whose current start has this token; takes the same time whatever is right of it."""
        found = None
        for name, known in self._of.items():
            if secrets.compare_digest(known.encode(), token.encode("utf-8", "replace")):
                found = name
        return found

    def mark(self, name: str) -> str:
        """Return the environment entry that the target's processes carry, empty where it was never started."""
        token = self._of.get(name)
        return f"NEXOIDE_PROBE_TOKEN={token}" if token else ""

    def renew(self, name: str) -> str:
        """Return a new token of 256 random bits for the next start; on the disk before it is given to anybody."""
        self._of[name] = token = secrets.token_hex(32)
        replace_file(self._path, json.dumps(self._of, indent=1).encode(), new_mode=0o600)
        return token
