import sys

sys.path.insert(0, "")
from metrics.report import rows

assert rows() == [("checkout", 180.0, 480), ("search", 35.0, 35)]
assert rows({"a": [(1, 1), (3, 3)]}) == [("a", 2.5, 3)]
try:
    rows({"a": [(1, 1)]})
    raise SystemExit("no sample was seen twice")
except ValueError:
    pass
