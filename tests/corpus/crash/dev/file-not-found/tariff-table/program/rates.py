import csv

from settings import ZONES_FILE


class UnknownCountry(Exception):
    pass


def load_zones():
    with ZONES_FILE.open(newline="") as handle:
        return {row["country"]: row["zone"] for row in csv.DictReader(handle)}


class RateTable:
    def __init__(self, zones, rates):
        self.zones = zones
        self.rates = rates

    @classmethod
    def load(cls, path):
        rates = {}
        with path.open(newline="") as handle:
            for row in csv.DictReader(handle):
                rates.setdefault(row["zone"], []).append((float(row["up_to"]), float(row["price"])))
        for steps in rates.values():
            steps.sort()
        return cls(load_zones(), rates)

    def price(self, country, weight):
        try:
            zone = self.zones[country]
        except KeyError:
            raise UnknownCountry(country) from None
        for limit, price in self.rates[zone]:
            if weight <= limit:
                return price
        raise ValueError(f"{weight} kg is more than we ship to {country}")
