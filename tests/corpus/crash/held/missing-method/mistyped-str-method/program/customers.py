from dataclasses import dataclass


@dataclass(frozen=True)
class Customer:
    number: int
    name: str
    email: str


def normalise_name(raw: str) -> str:
    parts = raw.trim().split()
    return " ".join(part[:1].upper() + part[1:] for part in parts)


def normalise_email(raw: str) -> str:
    return raw.strip().lower()


def from_row(row: list[str]) -> Customer:
    number, name, email = row
    return Customer(int(number), normalise_name(name), normalise_email(email))
