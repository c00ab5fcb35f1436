import sys

sys.path.insert(0, ".")

from app import evening
from polls import Poll

assert Poll("a", "b").shares() == {"a": 0.0, "b": 0.0}
p = Poll("a", "b", "c")
p.vote("a", 2)
p.vote("b")
assert p.shares() == {"a": 66.7, "b": 33.3, "c": 0.0}
assert evening(["fish"]) == ("soup=0.0% pasta=0.0%", "fish=100.0% stew=0.0% salad=0.0%")
assert Poll().shares() == {}
