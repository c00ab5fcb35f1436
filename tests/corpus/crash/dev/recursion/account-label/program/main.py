from accounts import Account, Ledger


def build():
    ledger = Ledger()
    cash = ledger.add(Account("1000", "Cash"))
    sales = ledger.add(Account("4000"))
    ledger.transfer(sales, cash, 250)
    ledger.transfer(sales, cash, 120)
    sales.label = "  Sales "
    return ledger


def main():
    for row in build().rows():
        print("{:>6} {:<10} {:>8}".format(*row))


if __name__ == "__main__":
    main()
