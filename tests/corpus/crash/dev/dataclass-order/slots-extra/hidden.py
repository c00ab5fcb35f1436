import sys

sys.path.insert(0, "")
import tracker
from vehicle import Vehicle

v = tracker.run(tracker.TRACK)
assert (v.name, v.second, v.metres, v.speed) == ("bus 7", 50, 300.0, 4.0)
v = tracker.run(tracker.TRACK[:4])
assert v.speed == 0.0 and v.is_standing() is True
assert Vehicle("x").is_standing() is False
assert not hasattr(v, "__dict__"), "the slots are gone"
a, b = Vehicle("a"), Vehicle("b")
a.update(10, 50.0)
b.update(10, 20.0)
assert (a.speed, b.speed) == (5.0, 2.0)
