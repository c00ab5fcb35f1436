import sys

sys.path.insert(0, "")
from decimal import Decimal

import prices

given = {"a": Decimal("4.50"), "b": Decimal("61.123456789012345678"), "c": Decimal("0.1"), "d": Decimal("1E+2"), "e": Decimal("-3")}
again = prices.refresh(given).prices
assert {k: str(v) for k, v in again.items()} == {k: str(v) for k, v in given.items()}, again
assert prices.refresh({}).prices == {}
