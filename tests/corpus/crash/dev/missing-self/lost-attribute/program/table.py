class Table:
    def __init__(self, deck, players):
        self.deck = deck
        self.hands = {player: [] for player in players}

    def deal(self):
        """A card for everybody; whoever had one puts the old one away."""
        for hand in self.hands.values():
            card = self.deck.draw()
            while hand:
                self.deck.put_away(hand.pop())
            hand.append(card)
