import sys

sys.path.insert(0, ".")

from basket import line
from invoice import render

assert render([line("a", 1.0, 3), line("b", 2.5)]) == ["a          3 x    1.00", "b          1 x    2.50", "total 5.50"]
assert render([line("a", 1.0), line("a", 1.0)])[0] == "a          2 x    1.00"
assert render([]) == ["total 0.00"]
