import sys

sys.path.insert(0, ".")

from replay import replay
from tally import Tally

t = Tally(["a", "b"])
t.add("a", "x")
t.add("a", "x", 4)
t.add("b", "y", 0)
assert t.of("x") == {"a": 5, "b": 0} and t.of("y") == {"a": 0, "b": 0}
assert t.leader("a") == "x" and Tally(["a"]).leader("a") is None
try:
    t.add("zzz", "x")
except ValueError:
    pass
else:
    raise AssertionError("unknown kinds must fail")
assert replay(["1 goal A", "2 goal A", "91 goal A"]).of("A") == {"goal": 2, "foul": 0}
