class Deck:
    def __init__(self, cards):
        self.cards = list(cards)
        self.discard = []
        self.drawn = 0

    @property
    def remaining(self):
        return len(self.cards)

    def draw(self):
        if not self.cards:
            self.reshuffle()
        self.drawn += 1
        return self.cards.pop()

    def put_away(self, card):
        self.discard.append(card)

    def reshuffle(self):
        """The cards put away become the deck again, lowest on top."""
        self.cards = sorted(self.cards + self.discard, reverse=True)
        self.discard.clear()
