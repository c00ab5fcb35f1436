import sys

sys.path.insert(0, ".")

from app import play

game = play([("a", "clear"), ("a", "clear"), ("a", "clear"), ("b", "hit", 2)])
assert game.board.points == {"a": 35, "b": 6}, game.board.points
assert play([("x", "hit", 1), ("x", "miss")]).board.points == {"x": 0}
