import sys

sys.path.insert(0, ".")

from plugins import Manifest, load_order

m = Manifest.parse('{"name": "a", "version": "1.10"}')
assert m == Manifest("a", (1, 10)), m
assert Manifest.parse('{"name": "b", "version": "2", "needs": ["a"]}').needs == ("a",)
assert load_order([Manifest("z", (1,)), Manifest("a", (1,), ("z",))]) == ["z", "a"]
for bad in ("", "{", "[1"):
    try:
        Manifest.parse(bad)
    except ValueError:
        pass
    else:
        raise AssertionError("broken manifests must fail")
