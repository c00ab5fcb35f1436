import asyncio

from manifest import changed, manifest


async def main() -> None:
    first = await manifest(["a.bin", "b.bin"])
    print(len(first), await changed(first, ["a.bin", "b.bin", "c.bin"]))


if __name__ == "__main__":
    asyncio.run(main())
