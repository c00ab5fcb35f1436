from decimal import Decimal

from lines import Line, invoice_total

ORDER = [
    Line("chair", Decimal("49.90"), 4, "standard"),
    Line("book", Decimal("12.35"), 2, "reduced"),
    Line("deposit", Decimal("10.00"), 1, "none"),
]


def main():
    net, vat, gross = invoice_total(ORDER)
    print(f"net {net} vat {vat} gross {gross}")


if __name__ == "__main__":
    main()
