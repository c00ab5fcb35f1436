PATIENCE = 0.3


class Booker:
    def __init__(self, accounts):
        self.accounts = accounts

    def _acquire(self, account):
        if not account.lock.acquire(timeout=PATIENCE):
            raise TimeoutError(f"account {account.name} is busy")

    def book(self, name, amount):
        """Book an amount; False where the account would go below zero, in which case nothing changes."""
        account = self.accounts[name]
        self._acquire(account)
        if account.balance + amount < 0:
            return False
        account.balance += amount
        account.lock.release()
        return True
