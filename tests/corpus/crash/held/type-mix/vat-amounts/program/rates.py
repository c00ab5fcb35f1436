"""VAT by class of goods."""

RATES = {
    "standard": 0.19,
    "reduced": 0.07,
    "none": 0,
}


def rate(kind):
    try:
        return RATES[kind]
    except KeyError:
        raise LookupError(f"no VAT class {kind!r}") from None
