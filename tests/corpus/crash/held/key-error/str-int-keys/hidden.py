import sys

sys.path.insert(0, ".")

from seating import Hall

hall = Hall.from_json('{"rows": {"3": 2, "12": 1}}')
assert hall.free(3) == 2 and hall.free(12) == 1
assert hall.sell(3, 2) and not hall.sell(3, 2) and not hall.sell(3, 3) and not hall.sell(12, 0)
assert hall.free(3) == 1
try:
    hall.free(99)
except LookupError:
    pass
else:
    raise AssertionError("a row that does not exist must fail")
