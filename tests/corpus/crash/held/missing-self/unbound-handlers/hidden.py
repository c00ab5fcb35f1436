import sys

sys.path.insert(0, "")
import replay
from account import Account, UnknownEvent

a = replay.replay(replay.EVENTS)
assert (a.balance, a.fees) == (278, 2)
b = Account()
b.apply("deposit", 1)
assert b.balance == 1 and a.balance == 278
try:
    b.apply("gift", 1)
    raise SystemExit("an unknown event was taken")
except UnknownEvent:
    pass
