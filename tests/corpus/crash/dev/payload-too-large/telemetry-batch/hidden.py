import sys

sys.path.insert(0, ".")

import collector
import shipper
from app import sample

url = collector.start()
for n in (1, 5, 47, 240, 600):
    collector.Collector.received.clear()
    got = shipper.ship(url, sample(n))
    assert got == n, (n, got)
    assert collector.Collector.received == sample(n), f"{n}: {len(collector.Collector.received)} arrived"
