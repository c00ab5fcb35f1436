import sys

sys.path.insert(0, "")
import monitor
from broker import Broker
from rules import Watch

assert Watch(5).states(monitor.build()) == [("audit", "closed"), ("mail", "too long"), ("sms", "fine")]
assert Watch(7).states(monitor.build())[1] == ("mail", "fine")
assert Watch(0).states(Broker()) == []
assert monitor.build().channels()[1].depth() == 7 if callable(monitor.build().channels()[1].depth) else monitor.build().channels()[1].depth == 7
