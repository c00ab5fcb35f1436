from decimal import Decimal

from invoice import Invoice


def main():
    invoice = Invoice(vat=0.07)
    invoice.add(Decimal("19.99"))
    invoice.add(Decimal("0.01"), 2)
    print(invoice.net(), invoice.gross())


if __name__ == "__main__":
    main()
