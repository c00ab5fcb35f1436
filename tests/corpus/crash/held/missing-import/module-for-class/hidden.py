import sys

sys.path.insert(0, ".")

from payroll import hours
from shifts import parse_shift

assert hours(["a 2024-05-01 22:00 06:30", "a 2024-05-02 08:00 09:00", "b 2024-02-28 12:00 12:00"]) == {"a": 9.5, "b": 24.0}
shift = parse_shift("x 2024-02-28 23:00 01:00")
assert (shift.end.day, shift.end.month, shift.start.hour, shift.worker) == (29, 2, 23, "x")
try:
    parse_shift("x 2024-02-30 1:00 2:00")
except ValueError:
    pass
else:
    raise AssertionError("a bad day must fail")
