import asyncio


class TooManyRequests(Exception):
    status = 429

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"429 Too Many Requests (retry after {retry_after} s)")
        self.retry_after = retry_after


class Directory:
    """The people directory; answers three lookups at a time."""

    def __init__(self, limit: int = 3) -> None:
        self.limit = limit
        self.open = 0
        self.calls = 0

    async def lookup(self, login: str) -> dict:
        self.calls += 1
        if self.open >= self.limit:
            raise TooManyRequests(0.05)
        self.open += 1
        try:
            await asyncio.sleep(0.02)
            if login.startswith("_"):
                raise LookupError(login)
            return {"login": login, "mail": f"{login}@example.org"}
        finally:
            self.open -= 1
