from dataclasses import dataclass

from numbers_ import next_number


@dataclass
class Document:
    number: str
    kind: str
    amount: int


def invoice(amount, year=2024):
    return Document(next_number("INV", year), "invoice", amount)


def credit_note(of, year=2024):
    return Document(next_number("CRN", year), "credit note", -of.amount)
