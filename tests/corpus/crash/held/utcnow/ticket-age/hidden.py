import sys

sys.path.insert(0, "")
import os
import time
from datetime import datetime, timedelta, timezone

os.environ["TZ"] = "Asia/Tokyo"
time.tzset()
import tickets
from board import Board
from ticket import Ticket

b = Board()
for data in tickets.IMPORTED:
    b.add(Ticket.load(data))
assert [t.title for t in b.by_age()] == ["old crash", "new crash"]
assert b.stale(30) == ["old crash"] and b.stale(0) in (["old crash", "new crash"], ["old crash"])
first = Ticket("a")
time.sleep(0.01)
second = Ticket("b")
assert first.opened < second.opened, "the time must be that of the ticket, not of the class"
assert abs(datetime.now(timezone.utc) - first.opened) < timedelta(seconds=20)
