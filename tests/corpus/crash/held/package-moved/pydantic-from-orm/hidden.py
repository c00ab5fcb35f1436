import sys

sys.path.insert(0, ".")

from decimal import Decimal

from records import Row, fetch_orders
from schemas import to_api

first, second = (to_api(row) for row in fetch_orders())
assert first.total == Decimal("12.50") and first.note is None and second.note == "gift"
assert first.customer.name == "Ann" and not hasattr(first.customer, "internal_score")
try:
    to_api(Row(id="x", total="1", customer=Row(id=1, name="n"), note=None))
except ValueError:
    pass
else:
    raise AssertionError("a bad id must fail")
