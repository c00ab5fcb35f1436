import sys

sys.path.insert(0, "")
import os
import time
from datetime import timedelta

os.environ["TZ"] = "America/New_York"
time.tzset()
import builds
from cleaner import Cleaner
from clock import Clock, FixedClock

c = Cleaner(FixedClock("2024-03-01T00:00:00+00:00"), 35)
assert [c.age(builds.BUILDS[n]) for n in sorted(builds.BUILDS)] == [timedelta(days=60), timedelta(days=29), timedelta(days=1)]
assert c.outdated(builds.BUILDS) == ["app-1.0"]
assert Cleaner(FixedClock("2024-03-01T02:00:00+02:00"), 35).age(builds.BUILDS["app-1.2"]) == timedelta(days=1)
assert abs(Cleaner(Clock(), 1).age(time.time())) < timedelta(seconds=5)
