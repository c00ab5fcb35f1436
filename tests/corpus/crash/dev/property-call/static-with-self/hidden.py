import sys

sys.path.insert(0, "")
import plan
from fleet import Truck, assign

a, b = assign([Truck("T1", 12.0), Truck("T2", 15.0)], plan.LOADS)
assert (a.loads, b.loads) == ([("sand", 11.0)], [("bricks", 8.0), ("tiles", 3.5)]), (a.loads, b.loads)
assert (a.free(), b.free()) == (1.0, 3.5)
t = Truck.parse("T3: 900 kg")
assert t.name == "T3" and t.free() == 0.9
try:
    t.load("stone", 1)
    raise SystemExit("too heavy a load was taken")
except ValueError:
    pass
