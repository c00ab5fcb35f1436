import sys

sys.path.insert(0, "")
import app
from catalogue.product import NoPrice, Product

lamp, desk = app.build()
assert lamp.tags == ["light"] and desk.tags == ["office"]
assert lamp.price_in("CHF") == 41.0
assert Product("a", 1.0).tags == [] and Product("a", 1.0) == Product("a", 1.0)
try:
    desk.price_in("CHF")
    raise SystemExit("the desk has no price in CHF")
except NoPrice:
    pass
assert Product("x", 1.0, "USD", ["t"], {"EUR": 2.0}).price_in("EUR") == 2.0
