def normalise(sku: str) -> str:
    """Upper case, no spaces or dashes."""
    return sku.strip().upper().replace("-", "").replace(" ", "")


def pretty(sku: str) -> str:
    return f"{sku[:2]}-{sku[2:]}"
