import sys

sys.path.insert(0, "")
import scan
from logfile import LogFile
from summary import slowest, tally

log = LogFile(scan.TEXT)
assert tally(log) == {200: 2, 400: 1, 500: 1}
assert slowest(log) == [("/a", 250), ("/c", 41)] and slowest(log, 1) == [("/a", 250)]
assert slowest(LogFile("")) == []
