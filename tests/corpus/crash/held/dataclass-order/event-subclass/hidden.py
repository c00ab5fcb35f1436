import sys

sys.path.insert(0, "")
import stream
from events import Deployed, Event, Failed

assert [e.text() for e in stream.EVENTS] == [
    "1.0 localhost boot",
    "2.0 localhost deploy 1.4.2",
    "3.5 web1 crash oom!",
    "0.0 localhost crash timeout",
]
assert Event("a", 2.0, "h").text() == "2.0 h a"
for make in (lambda: Deployed(name="x"), lambda: Failed(name="x", at=1.0)):
    try:
        made = make()
    except TypeError:
        continue
    raise SystemExit(f"{made} was made without what it needs")
