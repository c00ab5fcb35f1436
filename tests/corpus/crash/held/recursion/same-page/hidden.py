import sys

sys.path.insert(0, "")
from client import all_items
from fake_service import Service

for count in (0, 1, 9, 10, 11, 20, 23, 100):
    s = Service(list(range(count)), 10)
    assert all_items(s) == list(range(count)), count
    assert s.calls == max(1, -(-count // 10)), (count, s.calls)
