from decimal import Decimal
from typing import Optional

from pydantic import BaseModel, ConfigDict


class Customer(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str


class Order(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    total: Decimal
    customer: Customer
    note: Optional[str]


def to_api(row) -> Order:
    return Order.model_validate(row)
