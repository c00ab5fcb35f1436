import asyncio

from pipeline import Pipeline


async def main():
    pipeline = Pipeline(str.title)
    print(await pipeline.run(["red lamp", "oak table", "tea pot"]))


if __name__ == "__main__":
    asyncio.run(main())
