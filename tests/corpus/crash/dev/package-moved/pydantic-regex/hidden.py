import sys

sys.path.insert(0, ".")

from intake import intake

order, wrong = intake({"number": "7", "lines": [{"sku": "XY-1"}]})
assert wrong is None and order.number == 7 and order.lines[0].count == 1
assert intake({"number": 1, "lines": [{"sku": "xy-1"}]})[1] == ["lines.0.sku"]
assert intake({"number": 1, "lines": [{"sku": "XY-1x"}]})[1] == ["lines.0.sku"]
assert intake({"number": 1, "lines": []})[1] == ["lines"]
assert intake({"number": 1, "lines": [{"sku": "XY-1", "count": 100}]})[1] == ["lines.0.count"]
