import sys

sys.path.insert(0, "")
from decimal import Decimal

import billing
from lines import Line, invoice_total

total = invoice_total(billing.ORDER)
assert total == (Decimal("234.30"), Decimal("39.65"), Decimal("273.95")), total
assert all(isinstance(part, Decimal) for part in total)
# exactly half a cent is rounded up, which is lost on the way through a float
assert Line("x", Decimal("0.50"), 1, "reduced").vat == Decimal("0.04")
assert Line("y", Decimal("1.50"), 1, "standard").vat == Decimal("0.29")
assert Line("z", Decimal("9"), 1, "none").vat == 0
try:
    Line("q", Decimal(1), 1, "luxury").vat
    raise SystemExit("an unknown class was accepted")
except LookupError:
    pass
