from typing import Callable


def limiter(limit: int, clock: Callable[[], int]) -> Callable[[], bool]:
    """A function that says True at most `limit` times a second of the clock."""
    second = clock()
    used = 0

    def allow() -> bool:
        if clock() != second:
            second = clock()
            used = 0
        if used >= limit:
            return False
        used += 1
        return True

    return allow
