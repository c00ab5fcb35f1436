from datetime import datetime, timezone


class Clock:
    def now(self):
        return datetime.now(timezone.utc)


class FixedClock(Clock):
    def __init__(self, text):
        self._at = datetime.fromisoformat(text)

    def now(self):
        return self._at
