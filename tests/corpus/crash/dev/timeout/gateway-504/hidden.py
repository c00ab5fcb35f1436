import sys

sys.path.insert(0, ".")

from urllib.error import HTTPError

import ratesd
import treasury

base = ratesd.serve()
assert treasury.convert(base, {"GBP": 8.5}) == {"GBP": 10.0}
assert treasury.convert(base, {"USD": 54.0, "CHF": 9.5}) == {"USD": 50.0, "CHF": 10.0}
ratesd.CALLS.clear()
try:
    treasury.fetch_rate(base, "XXX")
except HTTPError as error:
    assert error.code == 404
else:
    raise AssertionError("an unknown currency must still fail")
assert ratesd.CALLS.count("XXX") <= 1 or len(ratesd.CALLS) < 10
ratesd.FAIL_FIRST["USD"] = 10_000
ratesd.CALLS.clear()
try:
    value = treasury.fetch_rate(base, "USD")
except Exception:
    pass
else:
    raise AssertionError(f"a lasting failure must surface, got {value!r}")
assert len(ratesd.CALLS) < 50
