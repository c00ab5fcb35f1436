from shopdb import orders_of


def main():
    for customer in ("ann", "bo"):
        print(customer, orders_of(customer))


if __name__ == "__main__":
    main()
