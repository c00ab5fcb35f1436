from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Point:
    label: str
    x: float = 0.0
    y: float


def shift(point, by):
    return replace(point, x=point.x + by)
