import sys

sys.path.insert(0, ".")

from track import Track

assert Track([(0, 0), (3, 4), (3, 0), (0, 0)]).length() == 12.0
assert Track([(1, 1), (1, 6)]).length() == 5.0
assert Track([(1, 1)]).length() == 0.0
assert Track([]).length() == 0.0
