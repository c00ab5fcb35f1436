"""What the shop remembers: orders and support tickets, in memory."""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass

from shop.errors import NotFound


@dataclass
class Line:
    sku: str
    quantity: int


@dataclass
class Order:
    id: int
    customer: str
    lines: list[Line]
    total: int
    status: str = "placed"


class Store:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        self._orders: dict[int, Order] = {}
        self._tickets: list[tuple[str, str, str]] = []

    def add(self, customer: str, lines: list[Line], total: int) -> Order:
        with self._lock:
            order = Order(next(self._ids), customer, lines, total)
            self._orders[order.id] = order
            return order

    def order(self, order_id: int) -> Order:
        try:
            return self._orders[order_id]
        except KeyError:
            raise NotFound(f"no order {order_id}") from None

    def add_ticket(self, customer: str, question: str, answer: str) -> int:
        with self._lock:
            self._tickets.append((customer, question, answer))
            return len(self._tickets)

    def stats(self) -> dict[str, int]:
        with self._lock:
            kept = [order for order in self._orders.values() if order.status != "cancelled"]
            return {
                "orders": len(self._orders),
                "cancelled": len(self._orders) - len(kept),
                "revenue": sum(order.total for order in kept),
                "tickets": len(self._tickets),
            }
