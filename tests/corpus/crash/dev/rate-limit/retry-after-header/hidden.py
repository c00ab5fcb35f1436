import sys

sys.path.insert(0, ".")

import courier
from tracking import Tracker

tracker = Tracker(courier.start())
parcels = [f"X{n}" for n in range(5)]
assert tracker.refresh(parcels) == dict.fromkeys(parcels, "in transit")
assert tracker.state_of("Z") == "in transit"
courier.Courier.burst = 0
courier.Courier.pause = 1
courier.Courier.do_GET = lambda self: (self.send_response(404), self.send_header("Content-Length", "0"), self.end_headers())
try:
    tracker.state_of("none")
except Exception:
    pass
else:
    raise AssertionError("a 404 must still fail")
