import sys

from rates import RateTable
from settings import RATES_FILE


def quote(country: str, weight: float) -> float:
    table = RateTable.load(RATES_FILE)
    return table.price(country, weight)


def main(argv):
    country, weight = argv[0], float(argv[1])
    print(f"{country} {weight} kg: {quote(country, weight):.2f} EUR")


if __name__ == "__main__":
    main(sys.argv[1:])
