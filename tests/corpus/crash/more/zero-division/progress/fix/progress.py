class Progress:
    """How much of the work is done; no work at all counts as done."""

    def __init__(self, total):
        self.total = total
        self.done = 0

    def step(self, count=1):
        self.done = min(self.total, self.done + count)

    def percent(self):
        if self.total == 0:
            return 100
        return 100 * self.done // self.total

    def bar(self, width=10):
        filled = width * self.done // self.total if self.total else width
        return "#" * filled + "-" * (width - filled)
