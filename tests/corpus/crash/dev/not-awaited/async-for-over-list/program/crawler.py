from pages import fetch_links, stream


async def crawl(start: str) -> list[str]:
    """All paths reachable from the start, in the order they are found."""
    seen = [start]
    queue = [start]
    while queue:
        path = queue.pop(0)
        async for link in await fetch_links(path):
            if link not in seen:
                seen.append(link)
                queue.append(link)
    return seen


async def degrees(paths: list[str]) -> dict[str, int]:
    return {path: len(links) async for path, links in stream(paths)}
