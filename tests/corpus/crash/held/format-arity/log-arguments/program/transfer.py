from bank import Bank
from journal import MemoryJournal


def run():
    journal = MemoryJournal()
    bank = Bank({"ann": 100, "bob": 20}, journal.logger)
    bank.transfer(1, "ann", "bob", 30)
    bank.transfer(2, "bob", "cyd", 5)
    return bank, journal


def main():
    bank, journal = run()
    print(bank.balances)
    print("\n".join(journal.lines))


if __name__ == "__main__":
    main()
