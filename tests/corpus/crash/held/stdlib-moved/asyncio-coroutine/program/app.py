import asyncio

from fetcher import Market, value


async def main():
    market = Market()
    totals = await asyncio.gather(value(market, {"ACME": 2, "GLOB": 1}), value(market, {"INIT": 4}))
    print(totals, market.requests)


if __name__ == "__main__":
    asyncio.run(main())
