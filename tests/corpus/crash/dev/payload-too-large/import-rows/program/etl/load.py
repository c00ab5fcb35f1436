from typing import Iterable, Iterator

import httpx

from etl import config


def batches(rows: list[dict], size: int) -> Iterator[list[dict]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def load(base: str, rows: Iterable[dict]) -> int:
    accepted = 0
    with httpx.Client(base_url=base, timeout=config.API_TIMEOUT, trust_env=False) as client:
        for batch in batches(list(rows), config.BATCH_SIZE):
            response = client.post("/rows", json=batch)
            response.raise_for_status()
            accepted += response.json()["accepted"]
    return accepted
