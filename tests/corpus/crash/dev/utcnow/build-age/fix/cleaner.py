from datetime import datetime, timedelta, timezone


class Cleaner:
    def __init__(self, clock, keep_days):
        self.clock = clock
        self.keep = timedelta(days=keep_days)

    def age(self, modified):
        """How long ago a file was modified, given the seconds since 1970."""
        return self.clock.now() - datetime.fromtimestamp(modified, timezone.utc)

    def outdated(self, builds):
        return sorted(name for name, modified in builds.items() if self.age(modified) > self.keep)
