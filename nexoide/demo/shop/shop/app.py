"""The shop, put together, and what each route does."""

from __future__ import annotations

import os
import time
from dataclasses import asdict
from typing import Any

from shop import customers, pricing, quotes
from shop.assistant import Assistant
from shop.errors import NotFound, ShopError
from shop.inventory import Inventory
from shop.orders import Orders
from shop.store import Line, Store
from shop.support import SupportDesk


class Shop:
    def __init__(self) -> None:
        self.started = time.time()
        self.store = Store()
        self.inventory = Inventory({sku: 200 for sku in pricing.PRODUCTS})
        self.orders = Orders(self.store, self.inventory)
        self.support = SupportDesk(self.store, Assistant())

    def dispatch(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        """Answer one request with a status and what becomes its JSON."""
        parts = path.strip("/").split("/")
        if (method, path) == ("GET", "/health"):
            return 200, {"status": "ok"}
        if (method, path) == ("GET", "/stats"):
            return 200, {"pid": os.getpid(), "started": self.started, **self.store.stats()}
        if (method, path) == ("GET", "/products"):
            return 200, {sku: asdict(product) for sku, product in pricing.PRODUCTS.items()}
        if (method, path) == ("GET", "/stock"):
            return 200, self.inventory.levels()
        if (method, path) == ("POST", "/deliveries"):
            return 201, {"level": self.inventory.deliver(field(body, "sku", str), field(body, "quantity", int))}
        if (method, path) == ("POST", "/quotes"):
            return 200, quotes.quote(customers.get(field(body, "customer", str)), lines(body))
        if (method, path) == ("POST", "/orders"):
            order = self.orders.place(field(body, "customer", str), lines(body), body.get("coupon"))
            return 201, asdict(order)
        if (method, path) == ("POST", "/questions"):
            return 200, self.support.answer(field(body, "customer", str), field(body, "question", str))
        if parts[0] == "orders" and len(parts) > 1 and parts[1].isdigit():
            if method == "GET" and len(parts) == 2:
                return 200, asdict(self.store.order(int(parts[1])))
            if method == "POST" and parts[2:] == ["cancel"]:
                return 200, asdict(self.orders.cancel(int(parts[1])))
        raise NotFound(f"no route {method} {path}")


def field(body: dict[str, Any], name: str, kind: type) -> Any:
    if not isinstance(body.get(name), kind):
        raise ShopError(f"{name} must be given, as {kind.__name__}")
    return body[name]


def lines(body: dict[str, Any]) -> list[Line]:
    found = [Line(str(item.get("sku")), int(item.get("quantity", 1))) for item in field(body, "lines", list)]
    if not found or any(line.quantity < 1 for line in found):
        raise ShopError("lines must be given, each with a quantity of at least 1")
    return found
