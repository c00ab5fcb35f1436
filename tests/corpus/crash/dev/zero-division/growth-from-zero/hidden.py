import sys

sys.path.insert(0, ".")

from growth import growth, show
from months import Sales

assert growth(0, 5) is None and growth(0, 0) is None
assert growth(50, 60) == 20.0 and growth(4, 0) == -100.0 and growth(3, 3) == 0.0
assert show(growth(3, 3)) == "+0.0 %" and show(growth(0, 1)) == "new"
s = Sales()
s.add("1", "b", 2)
s.add("2", "a", 1)
assert s.compare("1", "2") == {"a": "new", "b": "-100.0 %"}
