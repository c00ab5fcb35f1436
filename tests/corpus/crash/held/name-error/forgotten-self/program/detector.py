from collections import deque
from statistics import fmean


class Detector:
    """Says where a value is far from the mean of the last few."""

    def __init__(self, threshold: float = 3.0, window: int = 4) -> None:
        self.threshold = threshold
        self.recent: deque[float] = deque(maxlen=window)

    def is_odd(self, value: float) -> bool:
        full = len(self.recent) == self.recent.maxlen
        odd = full and abs(value - fmean(self.recent)) > threshold
        if not odd:
            self.recent.append(value)
        return odd
