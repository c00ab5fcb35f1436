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
