"""VAT of a line.

By section 14 of the invoicing rules half a cent is always rounded up; the customers' systems check that.
"""
from decimal import ROUND_HALF_UP, Decimal

RATE = Decimal("0.10")


def vat(net):
    return (Decimal(net) * RATE).quantize(Decimal("0.01"), ROUND_HALF_UP)
