from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


class Invoice:
    def __init__(self, vat):
        self.vat = vat
        self._lines = []

    def add(self, price: Decimal, count: int = 1) -> None:
        self._lines.append(price * count)

    def net(self) -> Decimal:
        return sum(self._lines, Decimal(0))

    def gross(self) -> Decimal:
        net = self.net()
        return (net + net * self.vat).quantize(CENT, rounding=ROUND_HALF_UP)
