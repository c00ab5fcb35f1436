from shop import Cart, quote
from tax import rate_of


def main() -> None:
    cart = Cart("AT")
    cart.add("hat", 1999)
    cart.add("sock", 450, 3)
    print(cart.total(), cart.line_totals())
    print(quote(1000, 2, rate_of("CH")))


if __name__ == "__main__":
    main()
