from __future__ import annotations

from collections import Counter

from .text import normalise


class Stock:
    def __init__(self) -> None:
        self._count: Counter[str] = Counter()

    def receive(self, sku: str, amount: int) -> None:
        self._count[normalise(sku)] += amount

    def pick(self, sku: str, amount: int) -> int:
        key = normalise(sku)
        taken = min(amount, self._count[key])
        self._count[key] -= taken
        return taken
