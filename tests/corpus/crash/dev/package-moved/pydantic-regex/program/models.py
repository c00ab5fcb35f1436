from typing import List, Optional

from pydantic import BaseModel, Field


class Line(BaseModel):
    sku: str = Field(..., regex=r"^[A-Z]{2}-\d+$")
    count: int = Field(1, ge=1, le=99)


class Order(BaseModel):
    number: int
    lines: List[Line] = Field(..., min_length=1)
    coupon: Optional[str] = None
