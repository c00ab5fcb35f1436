import sys

sys.path.insert(0, "")
import json
import os
import time
from datetime import datetime, timedelta, timezone

os.environ["TZ"] = "America/New_York"
time.tzset()
from tokens import TokenFile
import auth

t = TokenFile(auth.STORED)
assert not t.is_valid("ci") and t.is_valid("robot")
soon = datetime.now(timezone(timedelta(hours=2)))
t = TokenFile(json.dumps({"a": (soon + timedelta(minutes=10)).isoformat(), "b": (soon - timedelta(minutes=10)).isoformat()}))
assert t.is_valid("a") and not t.is_valid("b")
assert timedelta(minutes=9) < t.remaining("a") < timedelta(minutes=11), t.remaining("a")
t.renew("b", 1)
assert t.is_valid("b") and timedelta(minutes=59) < t.remaining("b") <= timedelta(hours=1), t.remaining("b")
