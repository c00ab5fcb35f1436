import sys

sys.path.insert(0, ".")

from ratings import Product, average, ranking

assert average(Product("x")) == 0.0
assert average(Product("x", [1, 2])) == 1.5
assert average(Product("x", [5])) == 5.0
assert ranking([Product("b"), Product("a"), Product("c", [1])]) == ["c", "a", "b"]
