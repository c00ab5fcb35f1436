"""A small program with state and held references, and how it looks before and after a reload."""

from __future__ import annotations

from tests.unit.probe.reload_api.conftest import Alone

SHOP = """\
LIMIT = 10
ORDERS = []


def total(n):
    return n + LIMIT


class Cart:
    def __init__(self):
        self.items = []

    def count(self):
        return len(self.items)
"""
NEW = SHOP.replace("LIMIT = 10", "LIMIT = 20").replace("return n + LIMIT", "return n * LIMIT").replace("return len(self.items)", "return -len(self.items)")
HEAD = f"""\
import functools, os, sys, threading
from nexoide.probe import Reloader, on_reload
reloader = Reloader(os.getcwd())
import shop
from shop import LIMIT, total
cart = shop.Cart()
cart.items.append(1)
held, part, kind = cart.count, functools.partial(shop.total, 2), shop.Cart
shop.ORDERS.append('first')
orders = shop.ORDERS
def write(name, text):
    with open(name, 'w', newline='') as stream:
        stream.write(text)
def state():
    return (held(), part(), total(2), LIMIT, shop.LIMIT, isinstance(cart, shop.Cart), kind is shop.Cart, shop.ORDERS is orders, orders)
def told(report):
    return sorted((item.full, item.kind, item.action) for item in report.definitions)
SHOP, NEW = {SHOP!r}, {NEW!r}
"""
OLD_STATE = "(1, 12, 12, 10, 10, True, True, True, ['first'])"
NEW_STATE = "(-1, 40, 40, 20, 20, True, True, True, ['first'])"


def lines(alone: Alone, python: str, text: str, files: dict[str, str] | None = None) -> list[str]:
    """Run `text` after HEAD in a program whose folder has the shop, and return the lines that it printed."""
    return alone(python, HEAD + text, {"shop.py": SHOP, **(files or {})}).splitlines()
