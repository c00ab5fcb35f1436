from dataclasses import dataclass


class NoPrice(LookupError):
    pass


@dataclass
class Product:
    name: str
    price: float
    currency: str = "EUR"
    tags: list[str] = []
    prices: dict[str, float] = {}

    def price_in(self, currency: str) -> float:
        if currency == self.currency:
            return self.price
        try:
            return self.prices[currency]
        except KeyError:
            raise NoPrice(f"{self.name} has no price in {currency}") from None
