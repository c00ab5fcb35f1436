class Cart:
    """What a customer has chosen."""

    currency = "EUR"
    shipping = 4.0

    def __init__(self, customer):
        self.customer = customer
        self.items = []

    def add(self, name, price):
        self.items.append((name, price))

    @property
    def total(self):
        return sum(price for _, price in self.items) + self.shipping


class GiftCart(Cart):
    shipping = 0.0

    def __init__(self, customer, note):
        super().__init__(customer)
        self.note = note
