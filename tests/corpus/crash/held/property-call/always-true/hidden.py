import sys

sys.path.insert(0, "")
from access import may_open, visible
from users import User

docs = [{"title": "n", "public": True}, {"title": "s", "roles": ["f"]}, {"title": "d", "owner": "ann"}]
assert visible(User("ann"), docs) == ["n", "d"]
assert visible(User("root", {"admin"}), docs) == ["n", "s"]
assert visible(User("ann", {"admin"}, 3), docs) == [] and visible(User("x", set(), 4), docs) == []
assert visible(User("x"), docs) == ["n"]
