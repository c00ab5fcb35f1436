class Alarm:
    """Raised once when enough values of a window lie above the threshold; armed again when none does."""

    def __init__(self, threshold: float, needed: int):
        self.threshold = threshold
        self.needed = needed
        self.raised = 0
        self.highest = None
        self._on = False

    def see(self, values: list[float]) -> bool:
        above = [value for value in values if value > self.threshold]
        if above:
            self.highest = max([*above, self.highest] if self.highest is not None else above)
        if len(above) >= self.needed and not self._on:
            self._on = True
            self.raised += 1
        elif not above:
            self._on = False
        return self._on
