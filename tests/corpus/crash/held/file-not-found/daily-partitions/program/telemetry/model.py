from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Reading:
    site: str
    sensor: str
    at: str
    value: float

    @property
    def day(self) -> str:
        return self.at[:10]

    def as_row(self) -> dict:
        return asdict(self)


def group(readings):
    groups = {}
    for reading in readings:
        groups.setdefault((reading.site, reading.day), []).append(reading)
    return groups
