import sys

sys.path.insert(0, ".")

from report import totals
from sources import Store

assert totals(["02.json"], Store()) == {"a": 3, "b": 1}
assert totals(["store:2024/03.json"], Store()) == {"b": 5, "é": 2}
assert totals(["store:2024/03.json", "02.json"], Store()) == {"a": 3, "b": 6, "é": 2}
