from collections.abc import Iterable
from dataclasses import dataclass

from shop.loader import Order


@dataclass
class Summary:
    total: float
    count: int
    mean: float

    @classmethod
    def of(cls, orders: Iterable[Order]) -> "Summary":
        """Count the paid orders alone. There is always at least one: the shop closes otherwise."""
        paid = (order for order in orders if order.state == "paid")
        total = sum(order.amount for order in paid)
        count = sum(1 for _ in paid)
        return cls(total, count, total / count)
