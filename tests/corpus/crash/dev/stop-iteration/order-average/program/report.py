"""Print what the shop took in and the mean order."""
from shop.loader import load_orders
from shop.stats import Summary

LINES = ["1001,19.90,paid", "1002,5.10,paid", "1003,80.00,cancelled", "1004,35.00,paid"]


def summarise(lines) -> Summary:
    return Summary.of(load_orders(lines))


def main() -> None:
    summary = summarise(LINES)
    print(f"{summary.count} orders, {summary.total:.2f} in all, {summary.mean:.2f} each")


if __name__ == "__main__":
    main()
