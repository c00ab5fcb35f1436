import asyncio


class Seats:
    def __init__(self, count):
        self.free = count
        self.booked = {}
        self._lock = asyncio.Lock()

    async def _check_card(self, guest):
        await asyncio.sleep(0.001)
        return not guest.startswith("!")

    async def book(self, guest, count):
        """Book seats for a guest; False where too few are left or the card is refused."""
        with self._lock:
            if count > self.free or not await self._check_card(guest):
                return False
            self.free -= count
            self.booked[guest] = self.booked.get(guest, 0) + count
            return True

    async def cancel(self, guest):
        async with self._lock:
            self.free += self.booked.pop(guest, 0)
