class Remote:
    """Stands for the mailing service, which takes a few contacts at a time."""

    def __init__(self, limit):
        self.limit = limit
        self.calls = 0
        self.stored = set()

    def upload(self, contacts):
        if not contacts or len(contacts) > self.limit:
            raise ValueError(f"{len(contacts)} contacts in one call")
        self.calls += 1
        self.stored.update(contacts)
