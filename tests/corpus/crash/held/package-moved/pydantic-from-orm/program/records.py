"""Rows as the database layer hands them out: plain objects with attributes."""


class Row:
    def __init__(self, **columns):
        self.__dict__.update(columns)


def fetch_orders():
    customer = Row(id=3, name="Ann", internal_score=0.2)
    return [
        Row(id=1, total="12.50", customer=customer, note=None),
        Row(id=2, total="7.00", customer=customer, note="gift"),
    ]
