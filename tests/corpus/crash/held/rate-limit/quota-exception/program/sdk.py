"""Client library of the translation service (as installed)."""
import time


class ApiError(Exception):
    status = 500


class RateLimited(ApiError):
    status = 429

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"429 too many requests, retry after {retry_after} s")
        self.retry_after = retry_after


class Translator:
    def __init__(self, per_window: int = 4, window: float = 0.3) -> None:
        self._per_window = per_window
        self._window = window
        self._stamps: list[float] = []
        self.calls = 0

    def translate(self, text: str, target: str) -> str:
        self.calls += 1
        now = time.monotonic()
        self._stamps = [t for t in self._stamps if now - t < self._window]
        if len(self._stamps) >= self._per_window:
            raise RateLimited(round(self._window - (now - self._stamps[0]) + 0.01, 3))
        if not text:
            raise ApiError("nothing to translate")
        self._stamps.append(now)
        return f"[{target}] {text}"
