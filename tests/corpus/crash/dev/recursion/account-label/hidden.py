import sys

sys.path.insert(0, "")
from accounts import Account
from main import build

assert build().rows() == [("1000", "Cash", 370), ("4000", "Sales", -370)]
a = Account("7", "Rent")
assert a.label == "Rent"
a.label = " "
assert a.label == "7"
assert Account("8").label == "8"
