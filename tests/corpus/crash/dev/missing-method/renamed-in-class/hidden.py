import sys

sys.path.insert(0, ".")

from inventory import Inventory, OutOfStock
from inventory.orders import pick, write_off

store = Inventory()
store.add_stock("a", 10)
log = []
assert write_off(store, "a", 4, log) == 6
assert store.level("a") == 6
assert log == ["a: 4 written off, 6 left"]
assert pick(store, [("a", 6), ("a", 1)]) == ["a"]
try:
    write_off(store, "a", 1, log)
except OutOfStock:
    pass
else:
    raise AssertionError("writing off what is not there must fail")
