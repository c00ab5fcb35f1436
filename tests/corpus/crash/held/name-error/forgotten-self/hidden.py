import sys

sys.path.insert(0, ".")

from stream import odd_values

assert odd_values([10, 11, 10, 12, 11, 30, 10, 11]) == [(5, 30)]
assert odd_values([1, 1, 9, 1], threshold=2.5, window=2) == [(2, 9)]
assert odd_values([1, 1, 9, 1], threshold=20, window=2) == []
