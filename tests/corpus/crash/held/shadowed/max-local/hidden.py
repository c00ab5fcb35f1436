import sys

sys.path.insert(0, "")
import load
from hosts import parse
from peaks import peak, report

h = parse(load.LOG)
assert peak(h) == ("db1", 2.8)
assert report(h) == ["!db1 0.9", " web1 1.3", " web2 0.2"], report(h)
assert peak({"a": [5.0, 1.0], "b": [0.0, 2.0]}) == ("b", 2.0)
