import sys

sys.path.insert(0, "")
import watch
from alarms import Alarm

a = watch.run(watch.VALUES)
assert (a.raised, a.highest) == (1, 33.0)
a, b = Alarm(5, 1), Alarm(50, 1)
assert a.see([6]) and not b.see([6])
a.see([1])
a.see([7])
assert a.raised == 2 and b.raised == 0 and b.highest is None
