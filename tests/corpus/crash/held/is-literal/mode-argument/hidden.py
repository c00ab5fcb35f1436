import sys

sys.path.insert(0, "")
from modes import UnknownMode, transform

assert transform("Upper", ["a", "b"]) == ["A", "B"]
assert transform(" TITLE", ["ab"]) == ["Ab"]
assert transform("snake", ["A", "b"]) == ["a_b"]
try:
    transform("kebab", ["a"])
    raise SystemExit("an unknown mode was accepted")
except UnknownMode:
    pass
