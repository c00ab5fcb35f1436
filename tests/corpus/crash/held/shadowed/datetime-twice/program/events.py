from collections import defaultdict

from spans import ends_at, same_day


class Event:
    def __init__(self, title, start, minutes):
        self.title = title
        self.start, self.end = ends_at(start, minutes)
        if not same_day(self.start, self.end):
            raise ValueError(f"{title} goes over midnight")

    def __str__(self):
        return f"{self.start:%H:%M}-{self.end:%H:%M} {self.title}"


def agenda(events):
    days = defaultdict(list)
    for event in sorted(events, key=lambda e: e.start):
        days[event.start.date().isoformat()].append(str(event))
    return dict(days)
