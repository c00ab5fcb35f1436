import sys

sys.path.insert(0, "")
import threading

import mirror
from workers import fetch_all

assert mirror.mirror(mirror.SOURCE, 5) == mirror.SOURCE
assert mirror.mirror(b"abcdefg", 3) == b"abcdefg"
assert mirror.mirror(b"a", 1) == b"a"
gate = threading.Barrier(3, timeout=5)
out = fetch_all([(0, 1), (1, 2), (2, 3)], lambda a, b: (gate.wait() * 0, a, b))
assert out == {0: (0, 0, 1), 1: (0, 1, 2), 2: (0, 2, 3)}, out
