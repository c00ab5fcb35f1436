import sys

sys.path.insert(0, ".")

import asyncio

from store import Seats


async def main():
    seats = Seats(5)
    answers = await asyncio.gather(*(seats.book(f"g{n}", 2) for n in range(5)))
    assert answers.count(True) == 2 and seats.free == 1, (answers, seats.free)
    assert await seats.book("!x", 1) is False and seats.free == 1
    await seats.cancel("g0")
    assert seats.free == 3 and await seats.book("new", 3) and seats.free == 0


asyncio.run(main())
