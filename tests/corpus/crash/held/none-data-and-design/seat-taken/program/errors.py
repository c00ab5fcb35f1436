class BookingError(Exception):
    pass


class SeatTaken(BookingError):
    pass


class NoSuchSeat(BookingError):
    pass
