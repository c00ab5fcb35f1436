import sys

sys.path.insert(0, "")
import os
import time

import signer
from clock import in_minutes

for zone in ("America/New_York", "Asia/Tokyo", "UTC"):
    os.environ["TZ"] = zone
    time.tzset()
    for minutes in (0, 5, -90):
        assert abs(in_minutes(minutes) - (time.time() + 60 * minutes)) < 3, (zone, minutes)
    signer.main()
