import sys

sys.path.insert(0, "")
from datetime import date, datetime

from contract import Contract

c = Contract.parse("x;2024-05-31")
assert c.end == date(2024, 5, 31) and type(c.end) is date
assert c.is_running(datetime(2024, 5, 31, 23, 59, 59)) is True
assert c.is_running(datetime(2024, 5, 31)) is True
assert c.is_running(datetime(2024, 6, 1)) is False
assert c.is_running(datetime(2023, 1, 1)) is True
assert c.days_left(datetime(2024, 5, 1, 23)) == 30 and c.days_left(datetime(2025, 1, 1)) == 0
