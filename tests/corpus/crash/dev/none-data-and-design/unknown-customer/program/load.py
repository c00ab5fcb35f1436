from pathlib import Path

from customers import load_customers
from orders import attach, load_orders

HERE = Path(__file__).parent


def main():
    customers = load_customers(HERE / "customers.txt")
    orders = attach(load_orders(HERE / "orders.txt"), customers)
    print(sum(order["amount"] for order in orders))


if __name__ == "__main__":
    main()
