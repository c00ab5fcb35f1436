import sys

sys.path.insert(0, "")
import ratio
from energy import Day
from report import table

assert list(table(ratio.DAYS)) == ["Mon 1.00", "Tue no sun", "Wed 0.25"]
assert Day("x", [], [1.0]).used_per_produced() is None
assert Day("x", [2.0], []).used_per_produced() == 0.0
assert list(table([Day("x", [2.0], [0.0])])) == ["x 0.00"]
