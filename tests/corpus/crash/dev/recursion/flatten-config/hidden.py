import sys

sys.path.insert(0, "")
from app import SETTINGS
from flatten import flatten, lines

assert flatten(["edge", ["eu", ("west", 1)], ""]) == ["edge", "eu", "west", 1, ""]
assert flatten("abc") == ["abc"]
assert flatten([]) == [] and flatten(7) == [7] and flatten(((1,), [[2]])) == [1, 2]
assert lines(SETTINGS) == ["listen.host=0.0.0.0", "listen.ports=8080,8443", "workers=4", "tags=edge,eu,west", "limits.burst=2.5", "limits.paused=off"]
