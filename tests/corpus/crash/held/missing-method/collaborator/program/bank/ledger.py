from bank.account import Account


class Ledger:
    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}

    def account(self, owner: str) -> Account:
        if owner not in self._accounts:
            self._accounts[owner] = Account(owner)
        return self._accounts[owner]

    def owners(self) -> list[str]:
        return sorted(self._accounts)
