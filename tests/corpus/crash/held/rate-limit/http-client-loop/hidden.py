import sys

sys.path.insert(0, ".")

import feed
import valuation

address = feed.open_feed()
assert valuation.value(address, {"gold": 10, "silver": 100, "copper": 1000, "tin": 100}) == 812.0
feed.Feed.stamps = []
try:
    valuation.value(address, {"mithril": 1})
except RuntimeError as error:
    assert "404" in str(error)
else:
    raise AssertionError("an unknown metal must still fail")
