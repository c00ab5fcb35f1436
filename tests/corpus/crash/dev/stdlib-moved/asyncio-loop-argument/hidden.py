import sys

sys.path.insert(0, ".")

import asyncio

from pipeline import Pipeline


async def main():
    assert await Pipeline(lambda n: n * n).run(list(range(40))) == [n * n for n in range(40)]
    assert await Pipeline(str.title, workers=1).run([]) == []


asyncio.run(asyncio.wait_for(main(), 10))
