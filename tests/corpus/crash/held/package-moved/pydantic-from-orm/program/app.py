from records import fetch_orders
from schemas import to_api


def main():
    orders = [to_api(row) for row in fetch_orders()]
    print(sum(order.total for order in orders), orders[0].customer.name)


if __name__ == "__main__":
    main()
