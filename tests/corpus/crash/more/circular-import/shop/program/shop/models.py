from dataclasses import dataclass, field

from shop.services import price_order


@dataclass
class Line:
    name: str
    count: int
    unit: float


@dataclass
class Order:
    number: str
    lines: list[Line] = field(default_factory=list)

    def add(self, name, count, unit):
        self.lines.append(Line(name, count, unit))

    def summary(self):
        return f"{self.number}: {price_order(self):.2f}"
