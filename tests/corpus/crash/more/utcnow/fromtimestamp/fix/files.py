from datetime import datetime, timezone


class Snapshot:
    def __init__(self, stamps):
        self._stamps = stamps

    def newer_than(self, iso):
        limit = datetime.fromisoformat(iso)
        return sorted(name for name, stamp in self._stamps.items() if datetime.fromtimestamp(stamp, timezone.utc) > limit)
