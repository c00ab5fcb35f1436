import sys

sys.path.insert(0, "")
from datetime import datetime

import import_log
from gate import busiest, parse_lines
from stamps import parse_stamp, stamp

assert parse_stamp("03.05.2024 07:58") == datetime(2024, 5, 3, 7, 58)
for moment in (datetime(1999, 12, 31, 23, 59), datetime(2031, 1, 2, 3, 4)):
    assert parse_stamp(stamp(moment)) == moment
assert busiest(parse_lines(import_log.LOG)) == ("2024-05-03", 2)
assert stamp(datetime(2024, 5, 3)) == "03.05.2024 00:00"
