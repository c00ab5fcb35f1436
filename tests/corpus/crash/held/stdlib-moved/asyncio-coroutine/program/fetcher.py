import asyncio

PRICES = {"ACME": 12.5, "GLOB": 40.0, "INIT": 7.25}


class Market:
    def __init__(self):
        self.requests = 0

    @asyncio.coroutine
    def price(self, symbol):
        self.requests += 1
        yield from asyncio.sleep(0.001)
        return PRICES[symbol]


@asyncio.coroutine
def value(market, holdings):
    total = 0
    for symbol, count in holdings.items():
        price = yield from market.price(symbol)
        total += price * count
    return total
