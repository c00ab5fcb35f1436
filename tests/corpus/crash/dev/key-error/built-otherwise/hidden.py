import sys

sys.path.insert(0, ".")

from stockdb import StockDb
from transfer import transfer

db = StockDb()
db.put("a", "x", 5)
db.put("b", "x", 0)
assert db.get("a", "x") == 5 and db.get("b", "x") == 0
transfer(db, "x", "a", "b", 2)
assert (db.get("a", "x"), db.get("b", "x"), db.warehouses()) == (3, 2, ["a", "b"])
for sku, count, error in (("x", 50, ValueError), ("nope", 1, KeyError)):
    try:
        transfer(db, sku, "a", "b", count)
    except error:
        pass
    else:
        raise AssertionError("must fail")
