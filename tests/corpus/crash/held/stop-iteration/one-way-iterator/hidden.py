import sys

sys.path.insert(0, "")
from series import Series
from summary import describe

s = Series("3 9 4 14 2")
assert describe(s) == {"min": 2, "max": 14, "sum": 32}
assert list(s) == list(s) == [3, 9, 4, 14, 2]
assert list(Series("")) == [] and list(Series("  7 \n 8 ")) == [7, 8]
