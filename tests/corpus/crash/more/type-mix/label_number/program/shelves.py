class Shelf:
    def __init__(self, row, number, size=4):
        self.row = row
        self.number = number
        self.size = size
        self.used = 0

    def fill(self, count):
        self.used = min(self.size, self.used + count)

    def label(self):
        return self.row + self.number + " " + "*" * self.used

    def slots(self):
        return [self.row + "." + str(i) for i in range(self.used)]
