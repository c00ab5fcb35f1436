"""VAT by class of goods."""
from decimal import Decimal

RATES = {
    "standard": Decimal("0.19"),
    "reduced": Decimal("0.07"),
    "none": Decimal(0),
}


def rate(kind):
    try:
        return RATES[kind]
    except KeyError:
        raise LookupError(f"no VAT class {kind!r}") from None
