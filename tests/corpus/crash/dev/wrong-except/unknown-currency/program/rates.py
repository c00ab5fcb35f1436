class RateBook:
    def __init__(self, rates):
        self._rates = {"EUR": 1.0, **rates}

    def to_eur(self, currency, amount):
        return round(amount * self._rates[currency], 2)

    def set(self, currency, rate):
        if rate <= 0:
            raise ValueError("a rate must be positive")
        self._rates[currency] = rate
