import sys

sys.path.insert(0, "")
import server
from protocol import Counter

assert server.exchange(["incr a", "incr a 5", "get a", "quit", "get a"]) == ["ok 1", "ok 6", "value 6"]
assert server.exchange(["get grün", "incr grün", "dance"]) == ["value 0", "ok 1", "error unknown command"]
assert Counter().execute("incr x 2") == "ok 2"
