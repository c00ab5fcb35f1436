import sys

sys.path.insert(0, "")
import nightly

database, done = nightly.run()
assert done == {"vacuum-events": 8000, "vacuum-orders": 20, "vacuum-users": 0}, done
assert sorted(database.cleaned) == ["events", "orders", "users"]
assert database.rows == {"orders": 100, "users": 15, "events": 1000}, database.rows
database.check()
