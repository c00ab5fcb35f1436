import asyncio

from store import Seats


async def main():
    seats = Seats(10)
    wishes = [("ann", 4), ("bo", 4), ("!cy", 1), ("di", 4), ("ed", 2)]
    answers = await asyncio.gather(*(seats.book(guest, count) for guest, count in wishes))
    print(answers, seats.free)
    await seats.cancel("bo")
    print(seats.booked, seats.free)


if __name__ == "__main__":
    asyncio.run(main())
