import sys

sys.path.insert(0, "")
from app import Clock
from sessions import SessionStore

clock = Clock()
store = SessionStore(clock, 60)
tokens = [store.open(u) for u in "abcd"]
clock.now += 50
store.touch(tokens[1])
clock.now += 20
assert store.expire() == ["a", "c", "d"]
assert store.users() == ["b"]
assert store.expire() == []
clock.now += 100
assert store.expire() == ["b"] and store.users() == []
