from store import to_text, from_text
from model import Item, Basket


def main():
    basket = Basket("ann", [Item("tea", 2), Item("mug", 1)])
    text = to_text(basket)
    print(from_text(text) == basket)


if __name__ == "__main__":
    main()
