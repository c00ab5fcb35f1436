class QuotaExceeded(Exception):
    pass


class Meter:
    """Counts what tenants send. Beyond the contract nothing is taken: storage is billed to us."""

    def __init__(self, contracts):
        self._limits = {tenant: contract["megabytes"] for tenant, contract in contracts.items()}
        self.used = dict.fromkeys(self._limits, 0)

    def book(self, tenant, size):
        if self.used[tenant] + size > self._limits[tenant]:
            left = self._limits[tenant] - self.used[tenant]
            raise QuotaExceeded(f"{tenant} has {left} MB left and sent {size} MB")
        self.used[tenant] += size
