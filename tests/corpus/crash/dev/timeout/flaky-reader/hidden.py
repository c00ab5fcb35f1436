import sys

sys.path.insert(0, ".")

from bus import MeterBus
from poller import Poller

poller = Poller(MeterBus({"a": 1.5, "b": 2.0}, sleepy={"a": 1, "b": 1}))
assert poller.poll_all(["a", "b"]) == 3.5
assert poller.readings == {"a": 1.5, "b": 2.0}
quiet = MeterBus({"a": 1.0})
assert Poller(quiet).poll("a") == 1.0 and quiet.reads == 1, "a meter that answers is read once"
dead = MeterBus({"a": 1.0}, sleepy={"a": 10_000})
try:
    got = Poller(dead).poll("a")
except TimeoutError:
    pass
else:
    raise AssertionError(f"a dead meter must still fail, got {got!r}")
assert dead.reads < 50
