from pricing.scale import percent


def to_pay(value):
    return round(value * (100 - percent(value)) / 100, 2)
