"""Who sits at this terminal, found without importing anything."""

from __future__ import annotations

import os
import pwd


def operator_name() -> str:
    """Return NEXOIDE_OPERATOR, else the name that the account of this process has, else its number."""
    named = os.environ.get("NEXOIDE_OPERATOR")
    if named:
        return named
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"
