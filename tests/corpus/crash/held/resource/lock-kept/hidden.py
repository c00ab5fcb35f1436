import sys

sys.path.insert(0, "")
import tills
from booking import Booker

accounts, results = tills.run(tills.BOOKINGS)
assert results == [True, False, True, True, True], results
assert {n: a.balance for n, a in accounts.items()} == {"a": 120, "b": 120}
assert not any(a.lock.locked() for a in accounts.values())
accounts["a"].lock.acquire()
try:
    Booker(accounts).book("a", 1)
    raise SystemExit("an account that is busy was booked")
except TimeoutError:
    pass
assert accounts["a"].balance == 120
