import asyncio

from hashing import digest, fetch


async def manifest(names: list[str]) -> dict[str, str]:
    """Digest by name, for all files."""
    contents = await asyncio.gather(*(fetch(name) for name in names))
    pairs = await asyncio.gather(*(asyncio.to_thread(digest, name, data) for name, data in zip(names, contents)))
    return dict(pairs)


async def changed(old: dict[str, str], names: list[str]) -> list[str]:
    new = await manifest(names)
    return sorted(name for name in new if old.get(name) != new[name])
