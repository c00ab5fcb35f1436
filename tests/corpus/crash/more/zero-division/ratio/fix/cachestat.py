class Stats:
    def __init__(self):
        self.hits = 0
        self.misses = 0

    def hit(self):
        self.hits += 1

    def miss(self):
        self.misses += 1

    @property
    def rate(self):
        """Hits per request; 0.0 before the first request."""
        if not self.hits + self.misses:
            return 0.0
        return self.hits / (self.hits + self.misses)

    def describe(self):
        return f"{self.rate:.0%} of {self.hits + self.misses}"
