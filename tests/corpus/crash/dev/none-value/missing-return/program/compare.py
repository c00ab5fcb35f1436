from offers import best_offer


def saving(offers):
    """How much the rebates save on the best offer."""
    plain = best_offer(offers)
    reduced = best_offer(offers, with_rebates=True)
    return round(plain.price - reduced.price, 2)


def report(products):
    return {name: saving(offers) for name, offers in products.items()}
