import sys

sys.path.insert(0, "")
from money import Amount, total
from money.sums import total_of_text


class Special(Amount):
    pass


assert type(Special.parse("1 EUR")) is Special
assert Amount.parse("12.5 EUR") == Amount(1250, "EUR")
assert str(total_of_text(["1 CHF", "2.25 CHF"])) == "3.25 CHF"
assert str(total([Amount.parse(t) for t in ("12.50 EUR", "-3.20 EUR", "7 EUR")])) == "16.30 EUR"
