class Books:
    def __init__(self):
        self._sums = {}

    def post(self, account, cents):
        self._sums[account] = self._sums.get(account, 0) + cents

    def close(self):
        total = sum(self._sums.values())
        assert total == 0, f"books do not balance: {total}"
