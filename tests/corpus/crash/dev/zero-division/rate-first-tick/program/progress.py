from typing import Callable, Optional


class Progress:
    def __init__(self, total: int, clock: Callable[[], float]) -> None:
        self.total = total
        self.done = 0
        self._clock = clock
        self._start = clock()

    def advance(self, count: int) -> None:
        self.done += count

    def rate(self) -> Optional[float]:
        """Bytes per second since the start; None as long as no time has passed."""
        elapsed = self._clock() - self._start
        return self.done / elapsed

    def line(self) -> str:
        rate = self.rate()
        shown = "--" if rate is None else f"{rate:.0f} B/s"
        return f"{self.done}/{self.total} {shown}"
