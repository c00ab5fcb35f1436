from parcel import Parcel


class Depot:
    def __init__(self, limit):
        self.limit = limit

    def pack(self, items):
        """Fill parcels in order; a new one is begun where an item does not fit any more."""
        parcels = []
        current = None
        for name, weight in items:
            if current is None or not current.fits(weight):
                current = Parcel(self.limit)
                parcels.append(current)
            Parcel.add(name, weight)
        return parcels
