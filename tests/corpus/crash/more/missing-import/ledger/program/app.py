from ledger import Ledger
from report import render


def main():
    ledger = Ledger("petty cash")
    ledger.add("stamps", "4.20")
    ledger.add("coffee", "11.95")
    ledger.add("refund", "-2.00")
    print(render(ledger))


if __name__ == "__main__":
    main()
