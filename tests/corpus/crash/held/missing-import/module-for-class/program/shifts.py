import datetime
from dataclasses import dataclass


@dataclass
class Shift:
    worker: str
    start: datetime.datetime
    end: datetime.datetime

    @property
    def hours(self) -> float:
        return (self.end - self.start).total_seconds() / 3600


def parse_shift(line: str) -> Shift:
    """`ann 2024-05-01 22:00 06:30`: an end before the start is on the next day."""
    worker, day, start, end = line.split()
    begins = datetime.strptime(f"{day} {start}", "%Y-%m-%d %H:%M")
    ends = datetime.strptime(f"{day} {end}", "%Y-%m-%d %H:%M")
    if ends <= begins:
        ends += datetime.timedelta(days=1)
    return Shift(worker, begins, ends)
