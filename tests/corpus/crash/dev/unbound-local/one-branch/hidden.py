import sys

sys.path.insert(0, ".")

from checkout import Checkout
from pricing import discount_percent, final_price

assert [discount_percent(t, m) for t, m in ((10, False), (10, True), (200, False), (201, False), (201, True))] == [0, 5, 0, 10, 10]
assert final_price([(10, 2), (5, 1)]) == 25.0
desk = Checkout(["a"])
assert desk.buy("a", (100, 1)) == 95.0 and desk.buy("b", (100, 1)) == 100.0
