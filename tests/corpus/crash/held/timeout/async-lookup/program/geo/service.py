import asyncio


class GeoService:
    TIMEOUT = 0.1

    def __init__(self, shards):
        self.shards = shards
        self.cache = {}

    async def locate(self, code):
        if code not in self.cache:
            self.cache[code] = await asyncio.wait_for(self.shards.find(code), timeout=self.TIMEOUT)
        return self.cache[code]

    async def locate_all(self, codes):
        return [await self.locate(code) for code in codes]
