import sys

sys.path.insert(0, ".")

import asyncio

from fetcher import Market, value


async def main():
    market = Market()
    assert await value(market, {"ACME": 2, "INIT": 2}) == 39.5
    assert await value(market, {}) == 0
    assert market.requests == 2
    assert await market.price("GLOB") == 40.0
    try:
        await value(market, {"NOPE": 1})
    except KeyError:
        pass
    else:
        raise AssertionError("unknown symbols must fail")


asyncio.run(main())
