import json
from typing import Iterator
from urllib.request import urlopen


def page(base: str, start: int) -> dict:
    with urlopen(f"{base}/items?from={start}", timeout=5) as answer:
        return json.loads(answer.read())


def items(base: str) -> Iterator[str]:
    start: int | None = 0
    while start is not None:
        found = page(base, start)
        yield from found["items"]
        start = found["next"]
