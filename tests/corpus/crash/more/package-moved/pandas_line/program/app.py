from table import Sales


def main():
    sales = Sales([("a", 2), ("b", 5), ("a", 1)])
    print(sales.totals())
    print(sales.labels())


main()
