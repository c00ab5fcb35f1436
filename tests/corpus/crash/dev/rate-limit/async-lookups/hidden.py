import sys

sys.path.insert(0, ".")

import asyncio

from directory import Directory
from mailing import addresses


async def main():
    logins = [f"u{n}" for n in range(6)]
    assert list(await addresses(Directory(), logins)) == [f"{login}@example.org" for login in logins]
    try:
        await addresses(Directory(), ["a", "_b"])
    except LookupError:
        pass
    else:
        raise AssertionError("unknown people must still fail")


asyncio.run(asyncio.wait_for(main(), 15))


async def still_limited():
    directory = Directory(limit=1)
    answers = await asyncio.gather(directory.lookup("a"), directory.lookup("b"), return_exceptions=True)
    assert [getattr(a, "status", None) for a in answers] == [None, 429], "the directory itself must go on refusing"


asyncio.run(still_limited())
