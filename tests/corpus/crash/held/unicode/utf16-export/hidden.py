import sys

sys.path.insert(0, ".")

from bookings import parse, total
from make_export import export

raw = export([("account", "text", "cents"), ("1", "ß", 5), ("1", "日本", 6), ("2", "x", 7)])
assert total(raw, "1") == 11 and total(raw, "2") == 7 and total(raw, "3") == 0
assert parse(raw)[1] == {"account": "1", "text": "日本", "cents": "6"}, parse(raw)
