class Account:
    def __init__(self, owner, opening):
        self.owner = owner
        self._balance = opening

    @property
    def balance(self):
        return self._balance

    @balance.setter
    def balance(self, value):
        if value < 0:
            raise ValueError("no overdraft")
        self._balance = value
