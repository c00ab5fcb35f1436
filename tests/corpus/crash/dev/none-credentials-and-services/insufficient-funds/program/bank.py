class InsufficientFunds(Exception):
    def __init__(self, owner, missing):
        super().__init__(f"{owner} is short of {missing} cents")
        self.missing = missing


class Account:
    def __init__(self, owner, cents):
        self.owner = owner
        self.cents = cents

    def withdraw(self, cents):
        if cents > self.cents:
            raise InsufficientFunds(self.owner, cents - self.cents)
        self.cents -= cents

    def deposit(self, cents):
        self.cents += cents
