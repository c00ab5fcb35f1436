from typing import List

from pydantic import BaseModel, Field, TypeAdapter


class Page(BaseModel):
    slug: str = Field(..., pattern=r"^[a-z-]+$")
    title: str


def parse(rows):
    return TypeAdapter(List[Page]).validate_python(rows)
