import sys

sys.path.insert(0, ".")

import listing_server
from listing import items

base = listing_server.start()
names = list(items(base))
assert names == listing_server.ITEMS, names
