def price_order(order):
    total = sum(price_line(line) for line in order.lines)
    return total * (0.9 if total > 10 else 1)


def price_line(line):
    from shop.models import Line

    if not isinstance(line, Line):
        raise TypeError("not a line")
    return line.count * line.unit
