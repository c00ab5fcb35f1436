from account import Account
from journal import EVENTS


def replay(events):
    account = Account()
    for kind, amount in events:
        account.apply(kind, amount)
    return account


def main():
    account = replay(EVENTS)
    print(account.balance, account.fees)


if __name__ == "__main__":
    main()
