from datetime import datetime

from bookings import Booking, Calendar


def main() -> None:
    calendar = Calendar()
    for hour, minute, length in ((9, 0, 60), (9, 30, 30), (10, 0, 45)):
        booking = Booking("blue", datetime(2024, 5, 2, hour, minute), length)
        print(hour, minute, "booked" if calendar.book(booking) else "taken")
    print("last ends", calendar.bookings[-1].end)


if __name__ == "__main__":
    main()
