from decimal import Decimal

from shop.invoice import invoice
from shop.order import Order, Position


def build():
    order = Order("ann", [Position("tea", Decimal("4.50"), 2), Position("pot", Decimal("30"), 1)])
    order.voucher = Decimal("5")
    return order


def main():
    print(invoice(build()))


if __name__ == "__main__":
    main()
