import sys

sys.path.insert(0, "")
import report

s = report.summarise(report.LINES)
assert (round(s.total, 2), s.count, round(s.mean, 2)) == (60.0, 3, 20.0), s
s = report.summarise(["1,4,paid", "2,100,open"])
assert (s.total, s.count, s.mean) == (4.0, 1, 4.0), s
