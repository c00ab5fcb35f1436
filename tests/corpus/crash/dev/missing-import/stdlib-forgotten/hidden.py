import sys

sys.path.insert(0, ".")

from datetime import datetime

from bookings import Booking, Calendar

a = Booking("x", datetime(2024, 1, 1, 23, 30), 60)
assert a.end == datetime(2024, 1, 2, 0, 30)
calendar = Calendar()
assert calendar.book(a)
assert not calendar.book(Booking("x", datetime(2024, 1, 2, 0, 15), 5))
assert calendar.book(Booking("y", datetime(2024, 1, 2, 0, 15), 5))
assert calendar.book(Booking("x", datetime(2024, 1, 2, 0, 30), 5))
