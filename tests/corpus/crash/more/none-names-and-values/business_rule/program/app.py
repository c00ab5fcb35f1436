from ledger import Account


def main():
    account = Account(50)
    account.withdraw(20)
    account.withdraw(40)
    print(account.balance)


main()
