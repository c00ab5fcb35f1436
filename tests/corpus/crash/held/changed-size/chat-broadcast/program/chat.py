import asyncio

from room import Member, Room


async def scenario():
    room = Room("night-shift")
    members = [Member("ann"), Member("bob", fails_after=1), Member("cyd"), Member("dan", fails_after=0)]
    for member in members:
        room.join(member)
    await room.broadcast("first")
    await room.broadcast("second")
    return room, members


def main():
    room, members = asyncio.run(scenario())
    print("still here:", sorted(member.name for member in room.members))
    for member in members:
        print(member.name, member.received)


if __name__ == "__main__":
    main()
