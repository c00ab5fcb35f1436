import sys

sys.path.insert(0, ".")

import features

assert features.FEATURES["production"] == {"new-cart": True, "wallet": False, "beta-search": None}
assert features.FEATURES["development"] == dict.fromkeys(["new-cart", "wallet", "beta-search"], True)
assert features.enabled("production", "beta-search") is False
assert features.enabled("production", "new-cart") is True and features.enabled("production", "wallet") is False
