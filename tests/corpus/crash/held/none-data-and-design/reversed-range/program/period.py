from dataclasses import dataclass
from datetime import date, timedelta


class PeriodError(Exception):
    pass


@dataclass(frozen=True)
class Period:
    first: date
    last: date

    def __post_init__(self):
        if self.last < self.first:
            raise PeriodError(f"the period ends ({self.last}) before it begins ({self.first})")

    def days(self):
        day = self.first
        while day <= self.last:
            yield day
            day += timedelta(days=1)
