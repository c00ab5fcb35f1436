import json
from datetime import datetime, timedelta

from clock import now

LEEWAY = timedelta(seconds=30)


class TokenFile:
    """Tokens and when they expire, as ISO times with their zone."""

    def __init__(self, text: str) -> None:
        self._expiry = {name: datetime.fromisoformat(at) for name, at in json.loads(text).items()}

    def names(self) -> list[str]:
        return sorted(self._expiry)

    def remaining(self, name: str) -> timedelta:
        return self._expiry[name] - now()

    def is_valid(self, name: str) -> bool:
        return self.remaining(name) > -LEEWAY

    def renew(self, name: str, hours: int) -> None:
        self._expiry[name] = now() + timedelta(hours=hours)
