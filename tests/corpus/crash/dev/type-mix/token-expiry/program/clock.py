"""The one place that asks for the time."""
from datetime import datetime


def now() -> datetime:
    return datetime.now()
