import tempfile
from pathlib import Path

from journal import Journal
from numbers_db import NumberRange


def issue(path, customers):
    numbers = NumberRange(path)
    journal = Journal(path)
    issued = []
    for customer in customers:
        number = numbers.take()
        journal.write(customer, number)
        issued.append((customer, number))
    return issued


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "billing.db"
        print(issue(path, ["ann", "bob", "cyd"]))
        print(Journal(path).entries())


if __name__ == "__main__":
    main()
