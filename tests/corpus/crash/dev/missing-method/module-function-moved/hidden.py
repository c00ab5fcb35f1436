import sys

sys.path.insert(0, ".")

from scheduler import Scheduler

plan = Scheduler()
plan.every("2h", "Big Job")
plan.every("1d", "Very Big Job")
plan.every("5m30s", "x")
assert plan.agenda() == ["00:05 x", "02:00 big-job", "24:00 very-big-job"], plan.agenda()
try:
    plan.every("soon", "x")
except ValueError:
    pass
else:
    raise AssertionError("a bad duration must fail")
