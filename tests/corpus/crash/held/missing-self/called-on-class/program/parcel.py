class Parcel:
    count = 0

    def __init__(self, limit):
        Parcel.count += 1
        self.number = Parcel.count
        self.limit = limit
        self.items = []

    def weight(self):
        return sum(weight for _, weight in self.items)

    def fits(self, weight):
        return self.weight() + weight <= self.limit

    def add(self, name, weight):
        if not self.fits(weight):
            raise ValueError(f"{name} does not fit")
        self.items.append((name, weight))

    def label(self):
        return f"{self.number}: {', '.join(name for name, _ in self.items)} ({self.weight():.1f} kg)"
