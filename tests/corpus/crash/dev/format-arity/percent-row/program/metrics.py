class Metric:
    def __init__(self, name, unit, values):
        self.name = name
        self.unit = unit
        self.values = values

    @property
    def value(self):
        return self.values[-1]

    def trend(self):
        first, last = self.values[0], self.values[-1]
        return "up" if last > first else "down" if last < first else "same"


METRICS = [Metric("latency", "ms", [12.0, 18.5]), Metric("disk", "%", [71, 70]), Metric("nodes", "", [3, 3])]
