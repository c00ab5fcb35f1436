import sys

sys.path.insert(0, ".")

from statement import Booking, parse, summary

assert summary(parse("currency: EUR\na;b;150\nx;-1")) == ["a;b            1.50 EUR", "x             -0.01 EUR"]
assert summary([Booking("p", 100, "USD"), Booking("q", 200, "GBP")]) == ["p              1.00 USD", "q              2.00 GBP"]
assert summary(parse("currency: EUR")) == []
