import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Manifest:
    name: str
    version: tuple[int, ...]
    needs: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Manifest":
        data = json.load(text)
        return cls(data["name"], tuple(int(part) for part in data["version"].split(".")), tuple(data.get("needs", ())))
