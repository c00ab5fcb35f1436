import random

from deck import Deck


def main():
    deck = Deck()
    deck.shuffle(random.Random(3))
    print(len(deck.cards), len(set(deck.cards)))


if __name__ == "__main__":
    main()
