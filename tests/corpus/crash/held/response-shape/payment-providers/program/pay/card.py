class Charge:
    __slots__ = ("id", "amount", "state")

    def __init__(self, id, amount, state):
        self.id = id
        self.amount = amount
        self.state = state


def charge(order):
    return Charge(f"ch_{order['no']}", order["cents"], "captured")
