import time

import httpx


class SearchClient:
    def __init__(self, base: str) -> None:
        self._http = httpx.Client(base_url=base, trust_env=False, timeout=5)

    def search(self, **params: str) -> list[str]:
        for pause in (0.1, 0.3, 0.9):
            response = self._http.get("/search", params=params)
            if response.status_code != 429:
                break
            time.sleep(pause)
        response.raise_for_status()
        return response.json()["hits"]

    def close(self) -> None:
        self._http.close()
