import sys

sys.path.insert(0, "")
import outbox
from delivery import Outbox
from line import Line

rounds, box = outbox.run()
assert rounds == [3, 1, 1] and not box.waiting, rounds
assert box.line.sent == ["m1", "m3", "m5", "m2", "m4"], box.line.sent
b = Outbox(Line({"x": 9}))
b.put("x")
b.put("y")
assert b.flush() == 1 and list(b.waiting) == ["x"] and b.line.refuse["x"] == 8
assert Outbox(Line({})).flush() == 0
