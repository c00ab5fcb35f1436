from shop.models import Order


def main():
    order = Order("A-17")
    order.add("tea", 3, 2.5)
    order.add("mug", 1, 7.0)
    print(order.summary())


if __name__ == "__main__":
    main()
