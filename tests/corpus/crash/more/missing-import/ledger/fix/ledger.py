from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal


@dataclass
class Entry:
    label: str
    amount: "Decimal"


@dataclass
class Ledger:
    name: str
    entries: list = field(default_factory=list)

    def add(self, label, amount):
        value = Decimal(amount).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
        self.entries.append(Entry(label, value))
        return value

    def total(self):
        return sum((e.amount for e in self.entries), Decimal("0"))
