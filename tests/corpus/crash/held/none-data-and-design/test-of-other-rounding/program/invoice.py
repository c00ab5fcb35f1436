from decimal import Decimal

from tax import vat


def gross(nets):
    return sum((Decimal(net) + vat(net) for net in nets), Decimal())
