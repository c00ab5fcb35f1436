"""Reads bookings from the exchange file of the other bank."""
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation


class BadLine(ValueError):
    def __init__(self, number: int, why: str) -> None:
        super().__init__(f"line {number}: {why}")
        self.number = number


@dataclass(frozen=True)
class Booking:
    owner: str
    amount: str
    text: str = ""


def read_bookings(text: str) -> Iterator[Booking]:
    """Bookings of the file; raises BadLine for the first line that is none."""
    for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=";"), 1):
        if not row or row[0].startswith("#"):
            continue
        if len(row) < 2:
            raise BadLine(number, "too few columns")
        owner, amount, *rest = (cell.strip() for cell in row)
        try:
            Decimal(amount)
        except InvalidOperation as error:
            raise BadLine(number, f"{amount!r} is no amount") from error
        yield Booking(owner, amount, rest[0] if rest else "")
