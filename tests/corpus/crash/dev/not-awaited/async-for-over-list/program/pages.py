import asyncio

SITE = {"/": ["/about", "/shop"], "/about": [], "/shop": ["/shop/1", "/"], "/shop/1": []}


async def fetch_links(path: str) -> list[str]:
    await asyncio.sleep(0)
    return SITE[path]


async def stream(paths):
    for path in paths:
        yield path, await fetch_links(path)
