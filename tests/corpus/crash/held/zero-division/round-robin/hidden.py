import sys

sys.path.insert(0, ".")

from dispatch import Dispatcher
from workers import NoWorkers, Pool

pool = Pool([])
desk = Dispatcher(pool)
try:
    pool.next_worker()
except NoWorkers:
    pass
else:
    raise AssertionError("NoWorkers is the contract")
assert desk.dispatch("x") is None and desk.dispatch("y") is None and desk.parked == ["x", "y"]
pool.back("w")
desk.resume()
assert desk.given == [("w", "x"), ("w", "y")] and desk.parked == []
assert [Pool(["a", "b"]).next_worker() for _ in range(2)] == ["a", "a"]
p = Pool(["a", "b"])
assert [p.next_worker() for _ in range(3)] == ["a", "b", "a"]
