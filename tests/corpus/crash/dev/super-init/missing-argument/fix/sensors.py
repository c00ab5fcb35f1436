from gauges import Sensor


class CalibratedSensor(Sensor):
    def __init__(self, name, unit, offset=0.0, factor=1.0, keep=10):
        super().__init__(name, unit, keep=keep)
        self.offset = offset
        self.factor = factor

    def take(self, value):
        super().take(value * self.factor + self.offset)
