from datetime import timedelta
from itertools import groupby


def floor(stamp, minutes):
    extra = timedelta(minutes=stamp.minute % minutes, seconds=stamp.second, microseconds=stamp.microsecond)
    return stamp - extra


def buckets(stamps, minutes):
    key = lambda s: floor(s, minutes)
    for start, group in groupby(sorted(stamps), key=key):
        yield start, sum(1 for _ in group)
