from booking import Booking


def main():
    booking = Booking("Hut 4", "2024-02-27", 3)
    print(booking.label())
    print(booking.overlaps(Booking("Hut 4", "2024-03-01", 1)))
    print(booking.overlaps(Booking("Hut 4", "2024-02-29", 1)))


if __name__ == "__main__":
    main()
