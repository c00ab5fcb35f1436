class Overdrawn(Exception):
    """More was asked for than the account holds."""


class Account:
    def __init__(self, balance):
        self.balance = balance

    def withdraw(self, amount):
        if amount > self.balance:
            raise Overdrawn(f"asked for {amount}, {self.balance} left")
        self.balance -= amount
