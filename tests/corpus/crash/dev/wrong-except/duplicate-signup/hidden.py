import sys

sys.path.insert(0, "")
import signup

members, result = signup.run(signup.LIST)
assert result == {"added": 3, "known": 1}
assert members.all() == [("ann@x.org", "Ann"), ("bob@x.org", "Bob"), ("cyd@x.org", "Cyd")]
from members import AlreadyThere

try:
    members.add("bob@x.org", "B")
    raise SystemExit("a second Bob was taken")
except AlreadyThere:
    pass
