from datetime import datetime


class Booking:
    def __init__(self, place, first, nights):
        self.place = place
        self.first = datetime.strptime(first, "%Y-%m-%d")
        self.last = self.first + datetime.timedelta(days=nights)

    def overlaps(self, other):
        return self.place == other.place and self.first < other.last and other.first < self.last

    def label(self):
        return f"{self.place} {self.first:%d %b} - {self.last:%d %b}"
