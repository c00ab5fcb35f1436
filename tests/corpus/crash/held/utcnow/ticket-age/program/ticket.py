from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Ticket:
    title: str
    opened: datetime = field(default_factory=datetime.utcnow)

    @classmethod
    def load(cls, data):
        if "opened" in data:
            return cls(data["title"], datetime.fromisoformat(data["opened"]))
        return cls(data["title"])
