import asyncio

PLACES = {"A1": (52.5, 13.4), "B7": (48.1, 11.6), "C3": (50.9, 6.9)}


class Shards:
    """Lookup shards; a cold one needs a first touch before it answers in time."""

    def __init__(self, cold=("B7",), warm_after=1):
        self.touched = {}
        self.cold = set(cold)
        self.warm_after = warm_after

    async def find(self, code):
        self.touched[code] = self.touched.get(code, 0) + 1
        if code in self.cold and self.touched[code] <= self.warm_after:
            await asyncio.sleep(30)
        await asyncio.sleep(0.001)
        return PLACES[code]
