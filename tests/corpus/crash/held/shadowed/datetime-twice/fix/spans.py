from datetime import datetime, timedelta

MIDNIGHT = datetime.min.time()


def ends_at(start, minutes):
    begin = datetime.fromisoformat(start)
    return begin, begin + timedelta(minutes=minutes)


def same_day(first, last):
    """Whether an event stays within a day; ending at midnight sharp is still within it."""
    if last.time() == MIDNIGHT:
        last -= timedelta(microseconds=1)
    return first.date() == last.date()
