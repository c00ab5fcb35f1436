from decimal import Decimal


class Account:
    def __init__(self, owner: str) -> None:
        self.owner = owner
        self.entries: list[Decimal] = []

    def book(self, amount: str) -> None:
        self.entries.append(Decimal(amount))

    def balance(self) -> Decimal:
        return sum(self.entries, Decimal(0))
