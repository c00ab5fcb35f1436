from cards import Deck
from table import Table


def play():
    table = Table(Deck(range(1, 7)), ["ann", "bob"])
    for _ in range(2):
        table.deal()
    table.deck.reshuffle()
    return table


def main():
    table = play()
    print(table.hands, table.deck.remaining)


if __name__ == "__main__":
    main()
