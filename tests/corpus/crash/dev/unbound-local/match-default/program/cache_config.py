from dataclasses import dataclass

from sizes import parse_size


@dataclass
class CacheConfig:
    memory: int
    item: int

    @classmethod
    def from_lines(cls, lines: list[str]) -> "CacheConfig":
        values = dict(line.split("=") for line in lines)
        return cls(memory=parse_size(values["memory"]), item=parse_size(values["item"]))
