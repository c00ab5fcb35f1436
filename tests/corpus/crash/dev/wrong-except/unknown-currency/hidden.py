import sys

sys.path.insert(0, "")
import convert
from rates import RateBook
from report import lines

b = RateBook({"USD": 0.9, "CHF": 1.05})
assert list(lines(b, convert.AMOUNTS)) == ["USD 10.00 = 9.00 EUR", "XAU 1.00 = ?", "CHF 4.00 = 4.20 EUR"]
try:
    list(lines(b, [("USD", "ten")]))
    raise SystemExit("a wrong amount was swallowed")
except TypeError:
    pass
