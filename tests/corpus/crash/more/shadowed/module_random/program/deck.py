class Deck:
    def __init__(self):
        self.cards = [rank + suit for suit in "SHDC" for rank in "23456789TJQKA"]

    def shuffle(self, rng):
        rng.shuffle(self.cards)
