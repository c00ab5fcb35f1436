import sys

sys.path.insert(0, "")
import os
import time
from datetime import datetime

import heartbeat
from receiver import Receiver
from sender import Sender

for zone in ("Asia/Tokyo", "America/New_York", "UTC"):
    os.environ["TZ"] = zone
    time.tzset()
    message = Sender("x").message()
    assert abs(Receiver(5).delay(message)) < 3, (zone, message)
    assert datetime.fromisoformat(message["sent"]).tzinfo is not None
s = Sender("y")
assert [s.message()["number"] for _ in range(3)] == [1, 2, 3]
assert not Receiver(5).is_fresh({"sent": "2020-01-01T00:00:00+00:00"})
