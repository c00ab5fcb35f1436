from collections import defaultdict


def by_partner(orders):
    totals = defaultdict(float)
    for order in orders:
        totals[order["partner"]] += order["quantity"] * order["price"]
    return {name: round(total, 2) for name, total in totals.items()}
