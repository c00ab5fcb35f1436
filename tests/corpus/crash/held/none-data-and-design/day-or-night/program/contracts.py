class Contract:
    def __init__(self, name, day_rate, night_rate, base):
        self.name = name
        self.day_rate = day_rate
        self.night_rate = night_rate
        self.base = base


CONTRACTS = [Contract("green", 0.31, 0.24, 96.0), Contract("flex", 0.28, 0.27, 120.0)]
