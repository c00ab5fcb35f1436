from datetime import datetime, timezone


class Timestamped:
    def __init__(self, **fields):
        super().__init__(**fields)
        self.created = datetime.now(timezone.utc)


class Tracked:
    """Remembers the old values of what is changed."""

    def __init__(self, **fields):
        self.changes = []

    def set(self, name, value):
        self.changes.append((name, self.fields.get(name)))
        super().set(name, value)
