class Hotel:
    def __init__(self, beds):
        self.beds = dict(beds)
        self.taken = set()

    def _candidates(self, guests):
        return (room for room, beds in sorted(self.beds.items()) if beds >= guests and room not in self.taken)

    def book(self, guests):
        """The room booked, None where the hotel is full."""
        try:
            room = next(self._candidates(guests))
        except StopIteration:
            return None
        self.taken.add(room)
        return room
