from dataclasses import dataclass, field
from decimal import Decimal


@dataclass
class Position:
    name: str
    price: Decimal
    count: int

    @property
    def amount(self) -> Decimal:
        return self.price * self.count


@dataclass
class Order:
    customer: str
    positions: list[Position] = field(default_factory=list)
    voucher: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        return max(sum((p.amount for p in self.positions), Decimal(0)) - self.voucher, Decimal(0))

    def is_free(self) -> bool:
        return self.total == 0
