from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass
class Booking:
    room: str
    start: datetime
    minutes: int

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.minutes)

    def overlaps(self, other: "Booking") -> bool:
        return self.room == other.room and self.start < other.end and other.start < self.end


class Calendar:
    def __init__(self) -> None:
        self.bookings: list[Booking] = []

    def book(self, booking: Booking) -> bool:
        if any(booking.overlaps(other) for other in self.bookings):
            return False
        self.bookings.append(booking)
        return True
