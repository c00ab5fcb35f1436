import sys

sys.path.insert(0, ".")

from league import Row, relegated, table

rows = [Row("b", 1, 0, 0), Row("a", 1, 0, 0), Row("c", 2, 0, 1), Row("d", 1, 0, 5)]
before = list(rows)
assert [r.team for r in table(rows)] == ["c", "d", "a", "b"]
assert rows == before
assert relegated(rows) == ["a", "b"]
assert relegated(rows, 1) == ["b"]
assert table([]) == []
