import asyncio


class GeoService:
    TIMEOUT = 0.1

    def __init__(self, shards):
        self.shards = shards
        self.cache = {}

    async def locate(self, code):
        if code not in self.cache:
            for attempt in range(3):
                try:
                    self.cache[code] = await asyncio.wait_for(self.shards.find(code), timeout=self.TIMEOUT)
                    break
                except asyncio.TimeoutError:
                    if attempt == 2:
                        raise
                    await asyncio.sleep(0.05 * 2**attempt)
        return self.cache[code]

    async def locate_all(self, codes):
        return [await self.locate(code) for code in codes]
