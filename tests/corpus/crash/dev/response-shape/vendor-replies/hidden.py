import sys

sys.path.insert(0, ".")

from describe import describe, describe_all

assert describe({"sku": "S-1", "name": "pan"}, "southgate") == {"sku": "S-1", "text": "southgate: describe pan"}
assert describe({"sku": "N-1", "name": "pan"}, "northwind") == {"sku": "N-1", "text": "northwind: describe pan"}
rows = describe_all([{"sku": "S-2", "name": "fork"}, {"sku": "N-3", "name": "mug"}])
assert [r["text"] for r in rows] == ["southgate: describe fork", "northwind: describe mug"], rows
