import sys

sys.path.insert(0, "")
import receipt
from loyalty import Card
from printing import Receipt

rows = receipt.build().text().splitlines()
assert len(rows) == 6 and rows[0] == "bread             3.20", rows
assert rows[4].split() == ["sum", "17.00"]
name, points = rows[5].split()
assert name == "points" and float(points) in (25.0, 25.5, 26.0), rows[5]
assert len(rows[5]) == 22, "the column is not where it was"
r = Receipt(Card("b"))
r.add("x", 1200)
assert r.text().splitlines()[-1].split() == ["points", "12"], r.text()
r = Receipt(Card("c", 2.0))
r.add("x", 1200)
assert float(r.text().splitlines()[-1].split()[1]) == 24.0
