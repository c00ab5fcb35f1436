from decimal import Decimal


class PriceBook:
    KEY = "prices:v2"

    def __init__(self, cache):
        self.cache = cache
        self.prices = {}

    def set(self, name, price):
        if not isinstance(price, Decimal):
            raise TypeError("a price must be a Decimal")
        self.prices[name] = price

    def store(self):
        self.cache.put(self.KEY, self.prices)

    @classmethod
    def restore(cls, cache):
        book = cls(cache)
        for name, text in cache.get(cls.KEY).items():
            book.set(name, Decimal(text))
        return book
