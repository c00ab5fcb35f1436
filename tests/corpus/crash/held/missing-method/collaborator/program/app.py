from bank.ledger import Ledger
from bank.statement import statement

BOOKINGS = [("anna", "120.50"), ("ben", "15.00"), ("anna", "-20.25")]


def main() -> None:
    ledger = Ledger()
    for owner, amount in BOOKINGS:
        ledger.account(owner).book(amount)
    for line in statement(ledger):
        print(line)


if __name__ == "__main__":
    main()
