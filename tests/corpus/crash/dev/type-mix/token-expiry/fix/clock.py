"""The one place that asks for the time."""
from datetime import datetime, timezone


def now() -> datetime:
    return datetime.now(timezone.utc)
