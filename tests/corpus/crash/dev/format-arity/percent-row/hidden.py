import sys

sys.path.insert(0, "")
import layout
import report
from metrics import METRICS

lines = report.report(METRICS).splitlines()
rows = [[cell.strip() for cell in line.split("|")] for line in lines]
assert rows == [
    ["metric", "value", "unit", "trend"],
    ["latency", "18.50", "ms", "up"],
    ["disk", "70.00", "%", "down"],
    ["nodes", "3.00", "", "same"],
], rows
