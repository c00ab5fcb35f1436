import sys

sys.path.insert(0, "")
from decimal import Decimal

import app
from shop.invoice import invoice
from shop.order import Order, Position

assert invoice(app.build()).splitlines() == ["2 x tea: 9.00", "1 x pot: 30.00", "to pay: 34.00"]
o = Order("b", [Position("a", Decimal(3), 1)], Decimal(10))
assert o.is_free() is True and invoice(o).endswith("nothing to pay")
