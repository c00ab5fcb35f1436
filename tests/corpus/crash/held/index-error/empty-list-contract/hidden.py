import sys

sys.path.insert(0, ".")

from dashboard import board
from metrics import Host, Series

assert Series().latest() is None
s = Series()
s.add(1, 0.0)
assert s.latest() == 0.0
s.add(2, 3.0)
assert s.latest() == 3.0
a, b = Host("a"), Host("b")
b.load.add(1, 0.0)
assert board([a, b]) == "a     no data\nb     0.00"
