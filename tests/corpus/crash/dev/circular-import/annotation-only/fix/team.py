from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from player import Player


class Team:
    def __init__(self, name: str) -> None:
        self.name = name
        self.players: list[Player] = []

    def add(self, player: "Player") -> "Team":
        self.players.append(player)
        return self

    def strength(self) -> int:
        return sum(p.skill for p in self.players)
