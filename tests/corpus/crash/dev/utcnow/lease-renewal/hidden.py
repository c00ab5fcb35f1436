import sys

sys.path.insert(0, "")
import os
import time
from datetime import datetime, timedelta, timezone

os.environ["TZ"] = "Asia/Tokyo"
time.tzset()
from leases import LeaseTable

t = LeaseTable()
zone = timezone(timedelta(hours=-5))
now = datetime.now(zone)
t.grant("a", now + timedelta(minutes=2))
t.grant("b", now - timedelta(minutes=2))
t.grant("c", now - timedelta(seconds=10))
assert t.expired() == ["b"], t.expired()
assert t.is_free("b") and not t.is_free("a") and not t.is_free("c")
try:
    t.grant("d", datetime(2024, 1, 1))
    raise SystemExit("a time without a zone was taken")
except ValueError:
    pass
