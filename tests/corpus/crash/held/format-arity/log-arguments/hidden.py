import sys

sys.path.insert(0, "")
import transfer

bank, journal = transfer.run()
assert bank.balances == {"ann": 70, "bob": 50}
assert len(journal.lines) == 2 and journal.lines[1] == "WARNING 2: no account cyd", journal.lines
first = journal.lines[0]
assert first.startswith("INFO ") and all(part in first for part in ("ann", "bob", "30")), first
assert first.index("ann") < first.index("bob") < first.index("30"), first
bank.transfer(3, "bob", "ann", 1.5)
assert "1.5" in journal.lines[2] and journal.lines[2].index("bob") < journal.lines[2].index("ann"), journal.lines
