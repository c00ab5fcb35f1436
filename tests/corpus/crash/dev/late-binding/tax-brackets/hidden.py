import sys

sys.path.insert(0, "")
from brackets import BRACKETS
from tax import bracket_functions, tax

f = bracket_functions(BRACKETS)
got = [round(tax(i, f), 2) for i in (0, 11000, 12000, 20000, 31000, 40000)]
assert got == [0, 0, 200, 1800, 4000, 6700], got
assert [g(12000) for g in bracket_functions([(0, 0.5), (10000, 1.0)])] == [5000.0, 2000.0]
