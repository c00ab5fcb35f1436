from ratings import Product, average, ranking

CATALOGUE = [Product("kettle", [5, 4, 4]), Product("toaster", [2, 3]), Product("steamer")]


def main() -> None:
    for product in CATALOGUE:
        stars = "*" * round(average(product))
        print(f"{product.name:<9}{average(product):.2f} {stars}")
    print(ranking(CATALOGUE))


if __name__ == "__main__":
    main()
