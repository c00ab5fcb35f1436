from report import totals
from sources import Store


def main() -> None:
    for sku, sold in totals(["02.json", "store:2024/03.json"], Store()).most_common():
        print(sku, sold)


if __name__ == "__main__":
    main()
