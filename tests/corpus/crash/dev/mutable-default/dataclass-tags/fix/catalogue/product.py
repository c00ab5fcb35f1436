from dataclasses import dataclass, field


class NoPrice(LookupError):
    pass


@dataclass
class Product:
    name: str
    price: float
    currency: str = "EUR"
    tags: list[str] = field(default_factory=list)
    prices: dict[str, float] = field(default_factory=dict)

    def price_in(self, currency: str) -> float:
        if currency == self.currency:
            return self.price
        try:
            return self.prices[currency]
        except KeyError:
            raise NoPrice(f"{self.name} has no price in {currency}") from None
