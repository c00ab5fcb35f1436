import sys

sys.path.insert(0, ".")

import asyncio

from geo.service import GeoService
from geo.shards import Shards


async def main():
    service = GeoService(Shards(cold=("A1", "C3")))
    assert await service.locate_all(["A1", "B7", "C3"]) == [(52.5, 13.4), (48.1, 11.6), (50.9, 6.9)]
    shards = Shards(cold=())
    assert await GeoService(shards).locate("A1") == (52.5, 13.4)
    assert shards.touched == {"A1": 1}
    dead = GeoService(Shards(cold=("A1",), warm_after=10_000))
    try:
        value = await asyncio.wait_for(dead.locate("A1"), 15)
    except (asyncio.TimeoutError, TimeoutError):
        assert "A1" not in dead.cache
        assert dead.shards.touched["A1"] < 50
    else:
        raise AssertionError(f"a dead shard must still fail, got {value!r}")


asyncio.run(main())
