import sys

sys.path.insert(0, "")
import player
from signals import Signal

total, first, finished = player.play()
assert (total.seconds, first.seen, finished.names()) == (475, 180, ["total"])
s = Signal("x")
calls = []
s.connect("a", lambda: (calls.append("a"), s.connect("new", lambda: calls.append("new"))))
s.connect("b", lambda: calls.append("b"))
s.emit()
assert calls == ["a", "b"], calls
s.emit()
assert calls == ["a", "b", "a", "b", "new"], calls
