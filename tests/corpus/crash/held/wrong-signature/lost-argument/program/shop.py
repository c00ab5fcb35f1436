from tax import price, rate_of


class Cart:
    def __init__(self, country: str) -> None:
        self.country = country
        self.lines: list[tuple[str, int, int]] = []

    def add(self, sku: str, net_cents: int, count: int = 1) -> None:
        self.lines.append((sku, net_cents, count))

    def total(self) -> int:
        rate = rate_of(self.country)
        return sum(price(net, count, rate) for _, net, count in self.lines)

    def line_totals(self) -> dict[str, int]:
        rate = rate_of(self.country)
        return {sku: price(net, count, rate) for sku, net, count in self.lines}


def quote(net_cents: int, count: int, rate: int) -> str:
    gross = price(net_cents, count)
    return f"{count} for {gross / 100:.2f} incl. {rate} %"
