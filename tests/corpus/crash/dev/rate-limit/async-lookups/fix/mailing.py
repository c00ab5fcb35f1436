import asyncio

from directory import Directory, TooManyRequests


async def address(directory: Directory, login: str) -> str:
    for attempt in range(5):
        try:
            person = await directory.lookup(login)
            break
        except TooManyRequests as error:
            if attempt == 4:
                raise
            await asyncio.sleep(error.retry_after * (attempt + 1))
    return person["mail"]


async def addresses(directory: Directory, logins: list[str]) -> list[str]:
    """The addresses of these people, in the order given."""
    return await asyncio.gather(*(address(directory, login) for login in logins))
