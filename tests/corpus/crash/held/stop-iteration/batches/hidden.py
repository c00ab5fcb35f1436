import sys

sys.path.insert(0, "")
from batching import batches

assert list(batches("abcde", 2)) == [["a", "b"], ["c", "d"], ["e"]]
assert list(batches(range(4), 2)) == [[0, 1], [2, 3]]
assert list(batches([], 3)) == []
assert list(batches([None, 0, None], 2)) == [[None, 0], [None]]
import sync
from remote import Remote

r = sync.sync(sync.CONTACTS, Remote(4))
assert r.calls == 3 and len(r.stored) == 11
