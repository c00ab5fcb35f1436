RATES = {"DE": 19, "AT": 20, "CH": 8}


def rate_of(country: str) -> int:
    return RATES[country]


def price(net_cents: int, count: int, rate: int) -> int:
    """Gross price in cents."""
    gross = net_cents * count * (100 + rate)
    return (gross + 50) // 100
