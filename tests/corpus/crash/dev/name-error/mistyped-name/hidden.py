import sys

sys.path.insert(0, ".")

from queue_plan import plan, rounds

assert rounds([("a", 50), ("b", 60)], 40) == (3, 10)
assert rounds([("a", 40)], 40) == (1, 0)
assert rounds([], 40) == (0, 0)
assert plan([("a", 1), ("b", 2)], 2) == [["b"], ["a"]]
