"""Discounts by the value of an order, as published in the price list:

    from  100   10 %
    from  500   15 %
    from 1000   20 %
"""

SCALE = ((1000, 20), (500, 15), (100, 10))


def percent(value):
    for limit, discount in SCALE:
        if value >= limit:
            return discount
    return 0
