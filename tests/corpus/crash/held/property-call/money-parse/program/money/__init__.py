from money.amount import Amount
from money.sums import total

__all__ = ["Amount", "total"]
