import sys

sys.path.insert(0, ".")

from app import replay
from limiter import limiter

assert replay([(1, "a"), (1, "a"), (1, "a"), (1, "b"), (2, "a"), (2, "b")]) == ([True, True, False, True, True, True], 1)
assert replay([(0, "x")] * 4, per_second=3) == ([True, True, True, False], 1)
first, second = limiter(1, lambda: 5), limiter(1, lambda: 5)
assert first() and second() and not first() and not second()
