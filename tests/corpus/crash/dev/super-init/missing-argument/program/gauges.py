class Sensor:
    def __init__(self, name, unit, keep=10):
        self.name = name
        self.unit = unit
        self.keep = keep
        self.values = []

    def take(self, value):
        self.values.append(value)
        del self.values[: -self.keep]

    def __str__(self):
        return f"{self.name}: {self.values[-1]:.1f} {self.unit}"
