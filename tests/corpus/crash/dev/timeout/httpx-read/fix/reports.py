import time

import httpx


class ReportClient:
    def __init__(self, base: str) -> None:
        self.http = httpx.Client(base_url=base, timeout=0.4, trust_env=False)

    def rows(self, name: str) -> int:
        for attempt in range(3):
            try:
                response = self.http.get(f"/reports/{name}")
                break
            except httpx.TimeoutException:
                if attempt == 2:
                    raise
                time.sleep(0.1 * 2**attempt)
        response.raise_for_status()
        return response.json()["rows"]

    def total(self, names: list[str]) -> int:
        return sum(self.rows(name) for name in names)
