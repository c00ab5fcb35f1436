"""The customer directory."""

from __future__ import annotations

from dataclasses import dataclass

from shop.errors import NotFound


@dataclass(frozen=True)
class Customer:
    id: str
    name: str
    country: str


_CUSTOMERS = {
    customer.id: customer
    for customer in (
        Customer("ada", "Ada Lindqvist", "SE"),
        Customer("ben", "Ben Okafor", "GB"),
        Customer("chloe", "Chloé Martin", "FR"),
        Customer("dora", "Dora Weiss", "DE"),
    )
}


def get(customer_id: str) -> Customer:
    customer = _CUSTOMERS.get(customer_id)
    if customer is None:
        raise NotFound(f"no customer {customer_id!r}")
    return customer
