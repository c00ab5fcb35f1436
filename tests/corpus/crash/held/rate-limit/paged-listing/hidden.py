import sys

sys.path.insert(0, ".")

import listing_server
from listing import items

statuses = []
give = listing_server.Listing.give


def counted(self, status, value, headers=None):
    statuses.append(status)
    give(self, status, value, headers)


listing_server.Listing.give = counted
names = list(items(listing_server.start()))
assert names == listing_server.ITEMS, names
assert statuses.count(429) < 40, "the client must wait, not hammer"
