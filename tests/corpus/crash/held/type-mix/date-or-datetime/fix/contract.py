from dataclasses import dataclass
from datetime import date, datetime

from formats import parse_day


@dataclass
class Contract:
    name: str
    end: date

    @classmethod
    def parse(cls, text):
        name, end = text.split(";")
        return cls(name, parse_day(end))

    def is_running(self, now: datetime) -> bool:
        """Up to and including its last day."""
        return now.date() <= self.end

    def days_left(self, now: datetime) -> int:
        return max((self.end - now.date()).days, 0)
