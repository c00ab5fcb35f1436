from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from rates import rate

CENT = Decimal("0.01")


@dataclass
class Line:
    name: str
    price: Decimal
    quantity: int
    kind: str

    @property
    def net(self):
        return self.price * self.quantity

    @property
    def vat(self):
        return (self.net * rate(self.kind)).quantize(CENT, ROUND_HALF_UP)


def invoice_total(lines):
    net = sum((line.net for line in lines), Decimal())
    vat = sum((line.vat for line in lines), Decimal())
    return net, vat, net + vat
