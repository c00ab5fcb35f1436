from dataclasses import dataclass


@dataclass(frozen=True)
class Offer:
    name: str
    countries: tuple
    base: float
    per_kilo: float

    def serves(self, country):
        return country in self.countries

    def price(self, weight):
        return self.base + weight * self.per_kilo
