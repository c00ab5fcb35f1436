import asyncio


class Wallet:
    def __init__(self, cents):
        self._cents = cents
        self._lock = asyncio.Lock()

    async def balance(self):
        async with self._lock:
            await asyncio.sleep(0)
            return self._cents

    async def move(self, cents):
        async with self._lock:
            self._cents += cents
