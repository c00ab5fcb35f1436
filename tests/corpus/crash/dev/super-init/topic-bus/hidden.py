import sys

sys.path.insert(0, "")
import app
from events.logged import LoggedBus

bus, seen = app.run()
assert seen == [0, 1, 2] and bus.log == ["order", "noise"] and bus.lost == 1 and bus.strict is False
a, b = LoggedBus(), LoggedBus()
a.subscribe("x", lambda d: None)
b.publish("x", 1)
assert b.lost == 1 and a.lost == 0
