import sys

sys.path.insert(0, ".")

from options import DEFAULTS, merged
from printer import Printer

assert merged({"copies": 3}) == {"colour": "black", "copies": 3, "duplex": False}
assert merged({}) == DEFAULTS and merged({}) is not DEFAULTS
assert DEFAULTS == {"colour": "black", "copies": 1, "duplex": False}, "the defaults were changed"
p = Printer()
assert p.submit("a", 3, copies=2, duplex=True) == 4 and p.submit("b", 5) == 5 and p.sheets == 9
try:
    merged({"x": 1})
except ValueError:
    pass
else:
    raise AssertionError("unknown options must fail")
