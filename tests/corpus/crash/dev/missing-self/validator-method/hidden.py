import sys

sys.path.insert(0, "")
import app
from coupons import CouponBook

b = CouponBook({"SPRING-10": 10, "VIP-50": 50}, 30)
assert [b.discount(c, 200.0) for c in app.CODES] == [20.0, 20.0, 0.0, 60.0]
assert b.normalise(" abc-1 ") == "ABC-1"
assert b.percentage("VIP-51") == 0
