from collections import defaultdict
from decimal import Decimal


def close(entries):
    """Balances by account. Books that do not balance must never be closed: the month is locked afterwards."""
    debit = sum((entry.debit for entry in entries), Decimal())
    credit = sum((entry.credit for entry in entries), Decimal())
    assert debit == credit, f"journal does not balance: debit {debit}, credit {credit}"
    balances = defaultdict(Decimal)
    for entry in entries:
        balances[entry.account] += entry.debit - entry.credit
    return dict(balances)
