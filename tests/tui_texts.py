"""The files of the scripted supervisor's little shop, before and after its patches."""

from __future__ import annotations

BILLING = '''"""Money: totals, discounts and receipts."""

from __future__ import annotations

from decimal import Decimal

from shop.catalog import Catalog
from shop.replies import Reply, ask

RATE = Decimal("0.20")


class Billing:
    """Turns baskets into receipts."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.receipts: list[str] = []

    def total(self, basket: dict[str, int]) -> Decimal:
        """Return what a basket costs, taxes included."""
        net = sum(self.catalog.price(sku) * count for sku, count in basket.items())
        return round(net * (1 + RATE), 2)

    def describe(self, kind: str, question: str) -> str:
        """Ask the wording service for a sentence."""
        reply = ask(kind, question)
        if reply is None:
            return ""
        return reply.content.strip()

    def receipt(self, basket: dict[str, int]) -> str:
        """Write a receipt and keep it."""
        text = f"{self.describe('receipt', 'thanks')}\\ntotal {self.total(basket)}"
        self.receipts.append(text)
        return text
'''
BILLING_NEW = BILLING.replace(
    "        return reply.content.strip()\n",
    "        return text_of(reply).strip()\n",
).replace(
    "class Billing:\n",
    "def text_of(reply: Reply) -> str:\n"
    '    """Return the text of either shape of reply."""\n'
    '    return reply.content if hasattr(reply, "content") else reply.text\n\n\nclass Billing:\n',
)
CART = '''"""The cart of one customer."""

from shop.pricing import discount_for


class Cart:
    def __init__(self, customer):
        self.customer = customer
        self.lines = {}

    def add(self, sku, count=1):
        self.lines[sku] = self.lines.get(sku, 0) + count

    def discount(self):
        share = discount_for(self.customer)
        if share > 0.5:
            share = 0.5
        share

    def total(self, prices):
        gross = sum(prices[sku] * count for sku, count in self.lines.items())
        return round(gross * (1 - self.discount()), 2)
'''
CART_NEW = CART.replace("        share\n\n", "        return share\n\n")
CART_TEST = "def test_total():\n    pass\n"
CART_TEST_NEW = "def test_total():\n    assert Cart(1).discount() == 0\n"
DISCOUNT = "The last line of discount() names the share and drops it, so every caller gets None."
SHIPPING = "def quote(parcel, zone, express):\n    return RATES[zone] * parcel.weight\n"
SHIPPING_NEW = "def quote(parcel, zone, express=False):\n    return RATES[zone] * parcel.weight\n"
STORE = "class Store:\n    def get(self, key):\n        return self.rows.fetch(key)\n"
STORE_NEW = "class Store:\n    def get(self, key):\n        return self.rows.get(key)\n"
