from carts import Cart, GiftCart
from checkout import checkout


def day():
    first = Cart("ann")
    first.add("tea", 4.5)
    first.add("cup", 9.0)
    second = Cart("bob")
    second.add("pot", 30.0)
    gift = GiftCart("cyd", "for you")
    gift.add("card", 2.0)
    return [checkout(cart, expected) for cart, expected in ((first, 2), (second, 1), (gift, 1))]


def main():
    for receipt in day():
        print(receipt)


if __name__ == "__main__":
    main()
