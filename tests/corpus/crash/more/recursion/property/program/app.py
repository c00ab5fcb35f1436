from account import Account


def main():
    account = Account("ann", 10)
    account.balance += 5
    print(account.owner, account.balance)
    try:
        account.balance = -1
    except ValueError as error:
        print(error)


if __name__ == "__main__":
    main()
