from decimal import Decimal

from cache import PriceCache
from book import PriceBook


def refresh(prices):
    cache = PriceCache()
    book = PriceBook(cache)
    for name, price in prices.items():
        book.set(name, price)
    book.store()
    return PriceBook.restore(cache)


def main():
    book = refresh({"tea": Decimal("4.50"), "gold": Decimal("61.123456789012345678")})
    print(book.prices)
    assert str(book.prices["tea"]) == "4.50"


if __name__ == "__main__":
    main()
