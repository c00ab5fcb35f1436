from collections.abc import Callable
from functools import reduce

from plugins import REGISTRY, plugin

Filter = Callable[[str], str]


@plugin("upper")
def upper(text: str) -> str:
    return text.upper()


@plugin("squeeze")
def squeeze(text: str) -> str:
    return " ".join(text.split())


@plugin("mask")
def mask(text: str) -> str:
    return "".join("*" if c.isdigit() else c for c in text)


def chain(*names: str) -> Filter:
    filters: list[Filter] = [REGISTRY[name] for name in names]
    return lambda text: reduce(lambda value, one: one(value), filters, text)
