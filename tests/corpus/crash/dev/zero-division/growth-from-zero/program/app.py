from months import Sales


def main() -> None:
    sales = Sales()
    for month, product, count in (("03", "tea", 50), ("04", "tea", 60), ("04", "mate", 9), ("03", "rum", 4)):
        sales.add(month, product, count)
    for product, change in sales.compare("03", "04").items():
        print(product, change)


if __name__ == "__main__":
    main()
