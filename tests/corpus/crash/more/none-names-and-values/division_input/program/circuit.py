class Circuit:
    def __init__(self, volts, ohms):
        self.volts = volts
        self.ohms = ohms

    @classmethod
    def parse(cls, text):
        values = dict(part.split("=") for part in text.split())
        return cls(float(values["U"]), float(values["R"]))

    def current(self):
        """Amperes by Ohm's law."""
        return self.volts / self.ohms
