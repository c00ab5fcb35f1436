import asyncio

from directory import Directory
from mailing import addresses


async def main() -> None:
    directory = Directory()
    print(await addresses(directory, ["ann", "bo"]))
    print(await addresses(directory, ["ann", "bo", "cy", "di", "ed"]))


if __name__ == "__main__":
    asyncio.run(main())
