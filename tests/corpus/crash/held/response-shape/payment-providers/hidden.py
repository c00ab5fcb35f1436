import sys

sys.path.insert(0, ".")

from pay import card
from pay.settle import PROVIDERS, settle

assert settle([{"no": 1, "cents": 500, "by": "card"}]) == (500, [])
assert settle([{"no": 2, "cents": 20000, "by": "wallet"}, {"no": 3, "cents": 7, "by": "card"}]) == (7, ["w-2"])
assert settle([{"no": 4, "cents": 700, "by": "wallet"}]) == (700, [])
assert settle([]) == (0, [])
