from decimal import Decimal
from typing import Optional

from pydantic import BaseModel


class Customer(BaseModel):
    id: int
    name: str

    class Config:
        orm_mode = True


class Order(BaseModel):
    id: int
    total: Decimal
    customer: Customer
    note: Optional[str]

    class Config:
        orm_mode = True


def to_api(row) -> Order:
    return Order.from_orm(row)
