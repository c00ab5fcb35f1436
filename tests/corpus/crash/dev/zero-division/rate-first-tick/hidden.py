import sys

sys.path.insert(0, ".")

from app import replay

assert replay([(0.5, 1000), (0.5, 3000)], 4000) == ["0/4000 --", "1000/4000 2000 B/s", "4000/4000 4000 B/s"]
assert replay([(0, 10), (1, 0)], 10) == ["0/10 --", "10/10 --", "10/10 10 B/s"]
assert replay([], 1) == ["0/1 --"]
