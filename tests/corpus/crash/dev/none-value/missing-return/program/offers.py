from dataclasses import dataclass


@dataclass
class Offer:
    seller: str
    price: float
    rebate: float = 0.0


def apply_rebates(offers):
    return [Offer(o.seller, round(o.price * (1 - o.rebate), 2)) for o in offers]


def best_offer(offers, with_rebates=False):
    if with_rebates:
        reduced = apply_rebates(offers)
        min(reduced, key=lambda o: o.price)
    else:
        return min(offers, key=lambda o: o.price)
