class UnknownEvent(Exception):
    pass


class Account:
    def __init__(self):
        self.balance = 0
        self.fees = 0
        self._handlers = {
            "deposit": Account.deposit,
            "withdraw": Account.withdraw,
            "fee": Account.fee,
        }

    def deposit(self, amount):
        self.balance += amount

    def withdraw(self, amount):
        self.balance -= amount

    def fee(self, amount):
        self.fees += amount
        self.balance -= amount

    def apply(self, kind, amount):
        try:
            handler = self._handlers[kind]
        except KeyError:
            raise UnknownEvent(kind) from None
        handler(amount)
