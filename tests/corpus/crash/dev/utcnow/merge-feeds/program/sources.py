from dataclasses import dataclass
from datetime import datetime


@dataclass
class Item:
    at: datetime
    title: str


def from_atom(entries):
    """Entries as text with an offset."""
    return [Item(datetime.fromisoformat(at), title) for at, title in entries]


def from_counter(entries):
    """Entries as seconds since 1970."""
    return [Item(datetime.utcfromtimestamp(at), title) for at, title in entries]
