import sys

sys.path.insert(0, ".")

from app import simulate
from cluster import Ring

ring, joined, left = simulate()
assert "n2" not in ring.keys.values() and joined > 0 and left > 0
ring = Ring(["a", "b"])
for n in range(20):
    ring.put(str(n))
on_b = sum(1 for node in ring.keys.values() if node == "b")
assert ring.leave("b") == on_b and set(ring.keys.values()) == {"a"}
assert ring.leave("zzz") == 0
