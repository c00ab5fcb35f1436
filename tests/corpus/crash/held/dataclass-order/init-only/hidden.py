import sys

sys.path.insert(0, "")
from accounts import Account, login
from hashing import scramble

a, b = Account("ann", "tea4two"), Account("bob", "hunter2", locked=True)
assert login([a, b], "ann", "tea4two") is True and login([a, b], "ann", "x") is False and login([a, b], "bob", "hunter2") is False
assert a.digest == scramble("tea4two", "ann")
assert "tea4two" not in repr(a) and "tea4two" not in repr(vars(a)), "the password is kept"
assert Account("c", "p", True).locked is True
