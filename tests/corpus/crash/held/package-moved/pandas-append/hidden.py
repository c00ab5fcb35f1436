import sys

sys.path.insert(0, ".")

from ledger import balances, empty_ledger, post

a = post(empty_ledger(), [{"day": "1", "account": "x", "amount": 5}])
b = post(a, [{"day": "2", "account": "x", "amount": 7}, {"day": "2", "account": "y", "amount": 1}])
assert len(a) == 1 and len(b) == 3, "the old ledger must stay as it was"
assert balances(b) == {"x": 12, "y": 1}
assert list(b.index) == [0, 1, 2]
assert list(b.columns) == ["day", "account", "amount"]
