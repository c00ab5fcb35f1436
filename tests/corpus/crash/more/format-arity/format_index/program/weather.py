class Reading:
    TEMPLATE = "{:<6}{:>7.1f} C {:>3}%"

    def __init__(self, city, temperature, humidity):
        self.city = city
        self.temperature = temperature
        self.humidity = humidity

    def line(self):
        return self.TEMPLATE.format(self.city, self.temperature)
