import sys

sys.path.insert(0, "")
import game
from cards import Deck

t = game.play()
assert t.hands == {"ann": [4], "bob": [3]}, t.hands
assert t.deck.cards == [6, 5, 2, 1], t.deck.cards
a, b = Deck([1]), Deck([2])
a.put_away(9)
b.reshuffle()
assert b.cards == [2], "decks share what was put away"
a.reshuffle()
assert a.cards == [9, 1] and a.discard == []
