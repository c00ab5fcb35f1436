from loyalty import Card
from printing import Receipt


def build():
    card = Card("ann", factor=1.5)
    receipt = Receipt(card)
    for name, cents in (("bread", 320), ("milk", 140), ("cake", 1240)):
        receipt.add(name, cents)
    return receipt


def main():
    print(build().text())


if __name__ == "__main__":
    main()
