import sys

sys.path.insert(0, ".")

from signal_tools import growth, smooth

got = smooth([1, 2, 6, 2, 1])
assert got.dtype.kind == "f" and [round(float(v), 4) for v in got] == [3.0, 3.3333, 3.0]
assert [float(v) for v in smooth([4, 8], width=2)] == [6.0]
assert growth([1.1, 1.1]) == 21.0 and growth([]) == 0.0
