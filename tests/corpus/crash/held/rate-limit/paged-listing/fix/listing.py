import json
import time
from typing import Iterator
from urllib.error import HTTPError
from urllib.request import urlopen


def page(base: str, start: int) -> dict:
    tries = 5
    while True:
        try:
            with urlopen(f"{base}/items?from={start}", timeout=5) as answer:
                return json.loads(answer.read())
        except HTTPError as error:
            tries -= 1
            if error.code != 429 or not tries:
                raise
            time.sleep(float(error.headers.get("Retry-After", "1")))


def items(base: str) -> Iterator[str]:
    start: int | None = 0
    while start is not None:
        found = page(base, start)
        yield from found["items"]
        start = found["next"]
