from dataclasses import dataclass, field


@dataclass
class Place:
    room: str
    rack: int | None = None


@dataclass
class Device:
    number: int
    name: str
    place: Place
    tags: list[str] = field(default_factory=list)


DEVICES = {
    7: Device(7, "switch", Place("B2", 4), ["core"]),
    9: Device(9, "sensor", Place("roof")),
}
