import sys

sys.path.insert(0, ".")

from app import run

rows, lines = run({"a": "[1]", "b": "[1 2]", "c": "[]", "d": ""})
assert rows == [1]
assert lines == ["a: 1 rows", "b: Expecting ',' delimiter at 3", "c: 0 rows", "d: Expecting value at 0"], lines
