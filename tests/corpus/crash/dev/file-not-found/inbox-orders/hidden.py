import sys

sys.path.insert(0, "")
import tempfile
from pathlib import Path

from intake.reader import read_all
from intake.totals import by_partner

assert by_partner(read_all("inbox")) == {"acme": 17.5, "globex": 8.5}
with tempfile.TemporaryDirectory() as name:
    Path(name, "zeta.ord").write_text("X;2;3\n\nY;1;1\n")
    Path(name, "notes.txt").write_text("no order")
    orders = read_all(name)
    assert [o["sku"] for o in orders] == ["X", "Y"] and orders[0]["partner"] == "zeta", orders
    assert read_all(Path(name)) == orders
