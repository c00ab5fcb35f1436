"""Prices, in cents. Everything here is a plain function of its arguments."""

from __future__ import annotations

from dataclasses import dataclass

from shop.errors import NotFound
from shop.store import Line


@dataclass(frozen=True)
class Product:
    name: str
    price: int
    grams: int


@dataclass(frozen=True)
class Coupon:
    code: str
    percent: int


PRODUCTS = {
    "tea": Product("Green tea, 100 g", 690, 120),
    "mug": Product("Stoneware mug", 1450, 410),
    "pot": Product("Cast iron pot", 5900, 1900),
    "tin": Product("Tea tin", 990, 150),
}

COUPONS = [Coupon("WELCOME10", 10), Coupon("TEATIME", 15)]

HOME = "SE"
EU = {"AT", "BE", "DE", "DK", "FI", "FR", "NL", "SE"}


def product(sku: str) -> Product:
    if sku not in PRODUCTS:
        raise NotFound(f"no product {sku!r}")
    return PRODUCTS[sku]


def subtotal(lines: list[Line]) -> int:
    return sum(product(line.sku).price * line.quantity for line in lines)


def weight(lines: list[Line]) -> int:
    return sum(product(line.sku).grams * line.quantity for line in lines)


def shipping_cost(grams: int, country: str) -> int:
    if country == HOME:
        base = 390
    elif country in EU:
        base = 790
    else:
        base = 1490
    return base + grams // 1000 * 150


def find_coupon(code: str) -> Coupon | None:
    for coupon in COUPONS:
        if coupon.code == code.upper():
            return coupon
    return None


def discount(amount: int, code: str | None) -> int:
    """What a coupon takes off an amount; without one, nothing."""
    if not code:
        return 0
    coupon = find_coupon(code)
    return amount * coupon.percent // 100
