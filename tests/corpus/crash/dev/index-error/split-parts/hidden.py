import sys

sys.path.insert(0, ".")

from peers import parse_peers

got = [(p.host, p.port) for p in parse_peers("a:1\nb\n\n# c\n d:22 # x\n")]
assert got == [("a", 1), ("b", 7070), ("d", 22)], got
try:
    parse_peers("a:http")
except ValueError:
    pass
else:
    raise AssertionError("a bad port must fail")
