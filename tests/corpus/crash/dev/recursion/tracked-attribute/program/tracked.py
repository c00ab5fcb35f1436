class Tracked:
    """Remembers which public attributes were changed, with their new values."""

    def __init__(self):
        super().__setattr__("changes", [])

    def __setattr__(self, name, value):
        if name.startswith("_"):
            super().__setattr__(name, value)
            return
        if getattr(self, name, None) == value:
            return
        self.changes.append((name, value))
        self.name = value
