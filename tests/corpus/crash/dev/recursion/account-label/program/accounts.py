class Account:
    def __init__(self, number, label=None):
        self.number = number
        self._label = label
        self._balance = 0

    @property
    def label(self):
        """What is shown in lists: the label, or the number where there is none."""
        if self._label:
            return self.label
        return self.number

    @label.setter
    def label(self, value):
        self._label = value.strip() or None

    @property
    def balance(self):
        return self._balance

    def book(self, amount):
        self._balance += amount


class Ledger:
    def __init__(self):
        self._accounts = {}

    def add(self, account):
        if account.number in self._accounts:
            raise ValueError(f"account {account.number} is there already")
        self._accounts[account.number] = account
        return account

    def transfer(self, source, target, amount):
        source.book(-amount)
        target.book(amount)

    def rows(self):
        return [(a.number, a.label, a.balance) for a in self._accounts.values()]
