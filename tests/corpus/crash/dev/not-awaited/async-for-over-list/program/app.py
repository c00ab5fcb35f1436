import asyncio

from crawler import crawl, degrees


async def main() -> None:
    paths = await crawl("/")
    print(paths)
    print(await degrees(paths))


asyncio.run(main())
