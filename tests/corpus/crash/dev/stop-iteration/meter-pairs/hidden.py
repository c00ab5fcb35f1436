import sys

sys.path.insert(0, "")
from meters import pairs

assert list(pairs(["# meter 1", "2.5", "", "# meter 2", "3"])) == [(1, 2.5), (2, 3.0)]
assert list(pairs(["# meter 1", "2.5", "# meter 2"])) == [(1, 2.5)]
assert list(pairs(["# meter 1", "0", "# meter 2", "0"])) == [(1, 0.0), (2, 0.0)]
assert list(pairs([])) == []
assert list(pairs(["# meter 1"])) == []
for bad in (["oops"], ["# meter 1", "many"]):
    try:
        list(pairs(bad))
        raise SystemExit(f"{bad} was accepted")
    except ValueError:
        pass
