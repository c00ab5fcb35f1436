import asyncio

from directory import Directory


async def address(directory: Directory, login: str) -> str:
    person = await directory.lookup(login)
    return person["mail"]


async def addresses(directory: Directory, logins: list[str]) -> list[str]:
    """The addresses of these people, in the order given."""
    return await asyncio.gather(*(address(directory, login) for login in logins))
