"""Quotes: what an order would cost, delivered."""

from __future__ import annotations

from shop import pricing
from shop.customers import Customer
from shop.store import Line


def quote(customer: Customer, lines: list[Line]) -> dict[str, int]:
    goods = pricing.subtotal(lines)
    shipping = pricing.shipping_cost(pricing.weight(lines), region=customer.country)
    return {"goods": goods, "shipping": shipping, "total": goods + shipping}
