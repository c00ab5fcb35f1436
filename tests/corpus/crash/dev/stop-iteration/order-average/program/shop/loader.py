from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass
class Order:
    number: int
    amount: float
    state: str


def load_orders(lines: Iterable[str]) -> Iterator[Order]:
    for line in lines:
        number, amount, state = line.split(",")
        yield Order(int(number), float(amount), state)
