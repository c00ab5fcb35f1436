from datetime import datetime, timedelta

GRACE = timedelta(seconds=30)


class LeaseTable:
    """Addresses and until when they are given out; the times carry their zone."""

    def __init__(self):
        self._until = {}

    def grant(self, address, until):
        if until.tzinfo is None:
            raise ValueError("a lease needs a time with a zone")
        self._until[address] = until

    def expired(self):
        now = datetime.utcnow()
        return sorted(address for address, until in self._until.items() if until + GRACE < now)

    def is_free(self, address):
        return address not in self._until or address in self.expired()
