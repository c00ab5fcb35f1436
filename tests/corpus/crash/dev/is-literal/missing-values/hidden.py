import sys

sys.path.insert(0, "")
import survey
from answers import column, read

rows = read(survey.CSV)
assert column(rows, "age") == [34, 28] and column(rows, "steps") == [9000, 4000]
try:
    column(read("a,b\nx,1\n"), "a")
    raise SystemExit("nonsense was swallowed")
except ValueError:
    pass
