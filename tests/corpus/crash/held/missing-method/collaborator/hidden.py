import sys

sys.path.insert(0, ".")

from bank.ledger import Ledger
from bank.statement import statement

ledger = Ledger()
assert statement(ledger) == []
ledger.account("zoe").book("1.10")
ledger.account("zoe").book("2.20")
ledger.account("al").book("-5")
assert statement(ledger) == ["al              -5", "zoe           3.30"], statement(ledger)
