import sys

sys.path.insert(0, ".")

from quota import Quota

assert [Quota.cheapest_for(n).plan for n in (0, 100, 101, 1000, 9999)] == ["free", "free", "team", "team", "firm"]
try:
    Quota.cheapest_for(10_001)
except ValueError:
    pass
else:
    raise AssertionError("no plan is big enough")


class Big(Quota):
    pass


assert Big.cheapest_for(5).plan == "free"
