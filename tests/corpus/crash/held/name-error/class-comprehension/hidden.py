import sys

sys.path.insert(0, ".")

from labels import Label
from printing import paper

assert Label.SIZES == {"S": (30, 20), "M": (50, 30)}, Label.SIZES
assert Label.MAX_WIDTH == 60
assert paper(["a", "b"], "S") == 1200 and paper([], "M") == 0
try:
    Label("x", "L")
except ValueError:
    pass
else:
    raise AssertionError("L is too wide")
