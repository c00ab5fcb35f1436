from .text import normalise

PRICES = {"AB100": 250, "CD200": 990}


def price_of(sku: str) -> int:
    return PRICES[normalise(sku)]
