import sys

sys.path.insert(0, "")
import os
import time

os.environ["TZ"] = "America/New_York"
time.tzset()
import feeds
from merge import latest, merged
from sources import from_atom, from_counter

items = merged(from_atom(feeds.ATOM), from_counter(feeds.COUNTER))
assert [i.title for i in items] == ["release", "spike", "hotfix", "calm"], [i.title for i in items]
assert latest(items).title == "calm"
assert all(i.at.tzinfo is not None for i in items)
assert items[1].at.timestamp() == 1709290800
assert from_counter([(0, "x")])[0].at.timestamp() == 0
