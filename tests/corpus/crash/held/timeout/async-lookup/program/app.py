import asyncio

from geo.service import GeoService
from geo.shards import Shards


async def main():
    service = GeoService(Shards())
    for place in await service.locate_all(["A1", "B7", "A1", "C3"]):
        print("%.1f %.1f" % place)


if __name__ == "__main__":
    asyncio.run(main())
