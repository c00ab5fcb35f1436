import sys

sys.path.insert(0, "")
import board
from scores import Scores

s = Scores()
for line in board.RESULTS:
    s.add(line)
assert s.ranking() == [("ann", 7), ("bob", 6)] and s.refused == ["cyd:x"]
s.add("dee:-2")
assert s.ranking()[-1] == ("dee", -2)
