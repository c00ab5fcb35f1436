"""Discounts of the web shop.

members            5 %
orders over 200   10 %
everybody else     0 %
"""


def discount_percent(total, member):
    if total > 200:
        percent = 10
    elif member:
        percent = 5
    return percent


def final_price(lines, member=False):
    total = sum(price * count for price, count in lines)
    return round(total * (100 - discount_percent(total, member)) / 100, 2)
