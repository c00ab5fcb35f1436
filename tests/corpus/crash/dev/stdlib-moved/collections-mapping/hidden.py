import sys

sys.path.insert(0, ".")

import types

from flatten import counts, flatten

assert flatten({"a": {"b": [1, 2], "c": "xy"}, "d": None}) == {"a.b": "1,2", "a.c": "xy", "d": None}
assert flatten({"m": types.MappingProxyType({"k": (3,)})}) == {"m.k": "3"}
assert flatten({}) == {}
assert counts(flatten({"a": {"b": 1, "c": 2}, "d": 3})) == {"a": 2, "d": 1}
