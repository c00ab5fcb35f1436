import sys

sys.path.insert(0, "")
import route
from path import Path
from point import Point

p = Path()
for s in route.STEPS:
    p.visit(s)
assert (p.length, p.stops, p.gaps) == (10.0, 1, 1)
p = Path()
p.visit(None)
p.visit(Point(1, 1))
p.visit(Point(1, 1))
p.visit(Point(0, 1))
assert (p.length, p.stops, p.gaps) == (1.0, 1, 1)
assert Point(1, 2) == Point(1, 2) and Point(1, 2) != Point(2, 1)
