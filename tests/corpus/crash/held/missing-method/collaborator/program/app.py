from decimal import Decimal

from bank.imports import BadLine, read_bookings
from bank.interest import credit_all
from bank.ledger import Ledger
from bank.statement import statement

FILE = """\
# exchange of 2024-03-01
anna; 120.50; salary
ben; 15.00
anna; -20.25; groceries
carl; -3
"""


def load(text: str) -> Ledger:
    ledger = Ledger()
    for booking in read_bookings(text):
        ledger.account(booking.owner).book(booking.amount)
    return ledger


def main() -> None:
    try:
        load("anna; much\n")
    except BadLine as error:
        print("refused:", error)
    ledger = load(FILE)
    paid = credit_all([ledger.account(owner) for owner in ledger.owners()], Decimal("1.5"))
    print("interest", paid)
    for line in statement(ledger):
        print(line)


if __name__ == "__main__":
    main()
