"""Who sits at this terminal, found without importing anything."""

from __future__ import annotations

import os


def operator_name() -> str:
    """Return NEXOIDE_OPERATOR, else the login name, else the numeric user."""
    return os.environ.get("NEXOIDE_OPERATOR") or os.environ.get("USER") or os.environ.get("LOGNAME") or f"uid {os.getuid()}"
