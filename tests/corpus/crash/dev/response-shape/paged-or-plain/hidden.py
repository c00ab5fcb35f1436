import sys

sys.path.insert(0, ".")

from gather import items_of, left_over

assert left_over(["kiel"]) == {"a": 3, "b": 0}
assert left_over(["bonn", "kiel"]) == {"a": 4, "b": 0, "c": 9}
assert [i["sku"] for i in items_of("bonn")] == ["a", "c"]
assert [i["sku"] for i in items_of("kiel")] == ["a", "b"]
