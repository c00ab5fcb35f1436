"""What is in stock."""

from __future__ import annotations

import threading

from shop.errors import Conflict, NotFound
from shop.store import Line


class Inventory:
    def __init__(self, levels: dict[str, int]) -> None:
        self._lock = threading.Lock()
        self._levels = dict(levels)

    def level(self, sku: str) -> int:
        if sku not in self._levels:
            raise NotFound(f"no product {sku!r}")
        return self._levels[sku]

    def levels(self) -> dict[str, int]:
        with self._lock:
            return dict(self._levels)

    def reserve(self, lines: list[Line]) -> None:
        """Take all lines out of stock, or none of them."""
        with self._lock:
            for line in lines:
                if self.level(line.sku) < line.quantity:
                    raise Conflict(f"only {self.level(line.sku)} of {line.sku} left")
            for line in lines:
                self._levels[line.sku] -= line.quantity

    def release(self, lines: list[Line]) -> None:
        """Put lines back that were reserved before."""
        with self._lock:
            for line in lines:
                self._levels[line.sku] += line.quantity

    def deliver(self, sku: str, quantity: int) -> int:
        with self._lock:
            self._levels[sku] = self.level(sku) + quantity
            return self._levels[sku]
