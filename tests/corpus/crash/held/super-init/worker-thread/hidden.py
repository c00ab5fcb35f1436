import sys

sys.path.insert(0, "")
import work

names = [f"p{n:02}.jpg" for n in range(20)]
results, workers = work.resize_all(names, 4)
assert results == [(f"p{n:02}_small.jpg", 100) for n in range(20)], results
assert sum(w.handled for w in workers) == 20
assert [w.number for w in workers] == [0, 1, 2, 3]
assert work.resize_all([], 1)[0] == []
