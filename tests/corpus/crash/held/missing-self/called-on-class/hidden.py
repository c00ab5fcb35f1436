import sys

sys.path.insert(0, "")
import ship
from depot import Depot

p = Depot(30.0).pack(ship.ITEMS)
assert [[n for n, _ in x.items] for x in p] == [["lamp", "desk"], ["chair", "rug", "cup"]]
assert [round(x.weight(), 1) for x in p] == [26.5, 13.3]
assert len(Depot(5).pack([("a", 5), ("b", 5)])) == 2
try:
    Depot(5).pack([("anvil", 50)])
    raise SystemExit("too heavy an item was packed")
except ValueError:
    pass
