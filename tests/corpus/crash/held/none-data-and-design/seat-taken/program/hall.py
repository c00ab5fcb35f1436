from errors import NoSuchSeat, SeatTaken


class Hall:
    def __init__(self, rows, seats):
        self._taken = {f"{row}{number}": None for row in rows for number in range(1, seats + 1)}

    def book(self, name, seat):
        """Give a seat to a person; a seat is never given twice."""
        if seat not in self._taken:
            raise NoSuchSeat(seat)
        holder = self._taken[seat]
        if holder is not None:
            raise SeatTaken(f"{seat} belongs to {holder}")
        self._taken[seat] = name

    def plan(self):
        return {seat: name for seat, name in self._taken.items() if name}
