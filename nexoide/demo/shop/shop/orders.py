"""Placing and cancelling orders."""

from __future__ import annotations

from shop import customers, pricing
from shop.errors import Conflict
from shop.inventory import Inventory
from shop.store import Line, Order, Store


class Orders:
    def __init__(self, store: Store, inventory: Inventory) -> None:
        self.store = store
        self.inventory = inventory

    def place(self, customer_id: str, lines: list[Line], coupon: str | None = None) -> Order:
        customer = customers.get(customer_id)
        goods = pricing.subtotal(lines)
        goods -= pricing.discount(goods, coupon)
        total = goods + pricing.shipping_cost(pricing.weight(lines), customer.country)
        self.inventory.reserve(lines)
        return self.store.add(customer.id, lines, total)

    def cancel(self, order_id: int) -> Order:
        order = self.store.order(order_id)
        if order.status == "cancelled":
            raise Conflict(f"order {order_id} is cancelled already")
        self.inventory.release_items(order.lines)
        order.status = "cancelled"
        return order
