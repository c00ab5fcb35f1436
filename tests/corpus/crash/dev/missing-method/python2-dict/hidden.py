import sys

sys.path.insert(0, ".")

from wordgame import Game, Scores

s = Scores()
s.award("x", "abc")
s.award("x", "de")
s.award("y", "")
assert s.points == {"x": 5, "y": 0}
assert s.board() == ["x        5", "y        0"]
g = Game("abcab")
assert g.play("p", "aba") is False or g.scores.points["p"] == 3
assert g.play("p", "cab") and not g.play("q", "cab") and not g.play("q", "zoo")
