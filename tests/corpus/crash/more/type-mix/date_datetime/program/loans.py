from dataclasses import dataclass
from datetime import date, datetime


@dataclass
class Loan:
    title: str
    due: date

    def late(self, now: datetime) -> bool:
        """Late from the day after the due date on."""
        return now > self.due

    def days_late(self, now: datetime) -> int:
        return max(0, (now.date() - self.due).days)
