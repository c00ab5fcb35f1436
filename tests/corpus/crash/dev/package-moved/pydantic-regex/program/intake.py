from pydantic import ValidationError

from models import Order


def intake(raw: dict):
    """Take one order; returns (order, None) or (None, the fields that are wrong)."""
    try:
        return Order(**raw), None
    except ValidationError as error:
        return None, sorted({".".join(str(p) for p in e["loc"]) for e in error.errors()})
