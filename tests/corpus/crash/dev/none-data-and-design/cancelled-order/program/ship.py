import sys

from orders import Order
from states import CANCELLED, PAID, SHIPPED


def load():
    return {16: Order(16, PAID), 17: Order(17, CANCELLED)}


def main(argv):
    orders = load()
    for number in map(int, argv):
        orders[number].move(SHIPPED)
        print(orders[number])


if __name__ == "__main__":
    main(sys.argv[1:])
