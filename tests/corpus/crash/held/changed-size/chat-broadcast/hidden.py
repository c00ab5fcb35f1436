import sys

sys.path.insert(0, "")
import asyncio

import chat
from room import Member, Room

room, members = asyncio.run(chat.scenario())
assert sorted(m.name for m in room.members) == ["ann", "cyd"]
assert [m.received for m in members] == [["first", "second"], ["first"], ["first", "second"], []]


async def many():
    room = Room("x")
    members = [Member(str(n), fails_after=0 if n % 2 else None) for n in range(10)]
    for m in members:
        room.join(m)
    await room.broadcast("hi")
    return room, members


room, members = asyncio.run(many())
assert len(room.members) == 5 and sum(len(m.received) for m in members) == 5
