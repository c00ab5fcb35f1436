import sys

sys.path.insert(0, "")
from bars import bar
from readings import series

assert series(["4", "7", "", None, "2", "off", 9]) == [4, 7, None, None, 2, None, 9]
assert series([]) == [] and series(["0"]) == [0]


class Broken:
    def __int__(self):
        raise RuntimeError("the driver is gone")


try:
    series([Broken()])
    raise SystemExit("every trouble is taken for a gap")
except RuntimeError:
    pass
assert bar(0, "kW") == " 0 kW" and bar(None, "kW").strip() == "(no reading)"
