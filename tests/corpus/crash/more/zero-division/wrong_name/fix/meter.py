class Meter:
    def __init__(self):
        self.count = 0
        self.samples = 0
        self.total = 0.0

    def sample(self, value):
        self.total += value
        self.samples += 1

    def average(self):
        return self.total / self.samples

    def reset(self):
        self.total = 0.0
        self.samples = 0
