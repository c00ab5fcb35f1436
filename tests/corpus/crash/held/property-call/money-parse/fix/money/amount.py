from functools import total_ordering


@total_ordering
class Amount:
    """An amount in cents of a currency."""

    def __init__(self, cents, currency):
        self.cents = cents
        self.currency = currency

    @classmethod
    def zero(cls, currency):
        return cls(0, currency)

    @classmethod
    def parse(cls, text):
        number, currency = text.split()
        return cls(round(float(number) * 100), currency)

    def __add__(self, other):
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency}")
        return type(self)(self.cents + other.cents, self.currency)

    def __eq__(self, other):
        return (self.cents, self.currency) == (other.cents, other.currency)

    def __lt__(self, other):
        return self.cents < other.cents

    def __str__(self):
        return f"{self.cents / 100:.2f} {self.currency}"
