from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Item:
    name: str
    count: int


@dataclass
class Basket:
    owner: str
    items: list[Item]
