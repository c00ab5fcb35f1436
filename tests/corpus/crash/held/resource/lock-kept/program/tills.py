from accounts import Account
from booking import Booker

BOOKINGS = [("a", 30), ("b", -500), ("a", -10), ("b", 20), ("a", 0)]


def run(bookings):
    accounts = {name: Account(name, 100) for name in "ab"}
    booker = Booker(accounts)
    results = [booker.book(name, amount) for name, amount in bookings]
    return accounts, results


def main():
    accounts, results = run(BOOKINGS)
    print(results)
    print({name: account.balance for name, account in accounts.items()})


if __name__ == "__main__":
    main()
