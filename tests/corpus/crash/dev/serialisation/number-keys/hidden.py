import sys

sys.path.insert(0, "")
import tempfile
from pathlib import Path

import season
from standings import Standings

with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "s.json"
    s = season.play(path)
    assert s.table() == [("Foxes", 6), ("Lions", 3), ("Owls", 0)], s.table()
    s.save(path)
    t = Standings.load(path)
    t.win(2)
    t.win(2)
    t.win(2)
    assert t.table() == [("Owls", 9), ("Foxes", 6), ("Lions", 3)] and len(t.points) == 3, t.points
    many = Standings({n: f"t{n}" for n in range(9, 12)})
    many.save(path)
    assert [name for name, _ in Standings.load(path).table()] == ["t9", "t10", "t11"]
