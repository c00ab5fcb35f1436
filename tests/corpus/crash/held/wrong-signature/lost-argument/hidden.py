import sys

sys.path.insert(0, ".")

from shop import Cart, quote
from tax import price

assert quote(1000, 2, 8) == "2 for 21.60 incl. 8 %"
assert quote(100, 1, 20) == "1 for 1.20 incl. 20 %"
assert quote(100, 1, 0) == "1 for 1.00 incl. 0 %"
assert price(100, 1, 19) == 119
cart = Cart("DE")
cart.add("a", 100, 2)
assert cart.total() == 238
