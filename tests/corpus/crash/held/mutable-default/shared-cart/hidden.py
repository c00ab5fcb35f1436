import sys

sys.path.insert(0, "")
import shop
from carts import Cart, GiftCart

assert shop.day() == ["ann: 17.50 EUR", "bob: 34.00 EUR", "cyd: 2.00 EUR"], shop.day()
assert shop.day() == shop.day()
a, b = GiftCart("a", ""), GiftCart("b", "")
a.add("x", 1)
assert b.items == [] and a.items == [("x", 1)] and Cart("c").total == 4.0
