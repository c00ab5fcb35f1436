import json

from model import Basket, Item


def to_text(basket: Basket) -> str:
    return json.dumps(basket, indent=1)


def from_text(text: str) -> Basket:
    raw = json.loads(text)
    return Basket(raw["owner"], [Item(**item) for item in raw["items"]])
